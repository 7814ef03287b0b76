package dev.tokenservice.api;

import dev.tokenservice.oauth.ReasonCode;
import dev.tokenservice.oauth.Refusal;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.ws.rs.core.MediaType;
import java.text.ParseException;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import org.glassfish.jersey.message.internal.AcceptableMediaType;
import org.glassfish.jersey.message.internal.HttpHeaderReader;

/** The rules of content negotiation (RFC 9110 sections 8.3, 8.4, 10.1.1 and 12.5.1) for a service that speaks JSON. */
final class ContentNegotiation {

    private static final int MAX_MEDIA_TYPES = 64;

    /** Of a media type with its parameters, of which only a charset has a meaning here. */
    private static final int MAX_CONTENT_TYPE = 256;

    private ContentNegotiation() {}

    /**
     * Checks the header {@code Expect} before the body is read: with any other value than {@code 100-continue} the client
     * would wait in vain.
     */
    static void checkExpectation(HttpServletRequest request) {
        List<String> expectations = Collections.list(request.getHeaders("Expect"));
        if (!expectations.isEmpty()
                && !(expectations.size() == 1 && expectations.get(0).equalsIgnoreCase("100-continue"))) {
            throw HttpErrors.refusal(HttpServletResponse.SC_EXPECTATION_FAILED).exception();
        }
    }

    /** One content type, that of a form; its charset changes nothing. No content encoding. */
    static void checkForm(HttpServletRequest request) {
        List<String> types = Collections.list(request.getHeaders("Content-Type"));
        List<String> encodings = Collections.list(request.getHeaders("Content-Encoding"));
        if (types.size() != 1
                || types.get(0).length() > MAX_CONTENT_TYPE
                || !isForm(types.get(0))
                || encodings.stream().anyMatch(encoding -> !encoding.equalsIgnoreCase("identity"))) {
            throw HttpErrors.refusal(HttpServletResponse.SC_UNSUPPORTED_MEDIA_TYPE)
                    .exception();
        }
    }

    private static boolean isForm(String contentType) {
        try {
            MediaType type = MediaType.valueOf(contentType);
            return type.getType().equalsIgnoreCase("application")
                    && type.getSubtype().equalsIgnoreCase("x-www-form-urlencoded");
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** JSON must be acceptable; the most specific matching range decides. */
    static void checkAccept(HttpServletRequest request) {
        // Empty elements of a list do not count, RFC 9110 section 5.6.1.2.
        List<String> values = Collections.list(request.getHeaders("Accept")).stream()
                .flatMap(value -> Arrays.stream(value.split(",")))
                .filter(element -> !element.isBlank())
                .toList();
        if (values.isEmpty()) {
            return;
        }
        if (values.size() > MAX_MEDIA_TYPES) {
            throw Refusal.because(
                            ReasonCode.MALFORMED_REQUEST,
                            "the header Accept must not name more than " + MAX_MEDIA_TYPES + " media types")
                    .status(HttpServletResponse.SC_BAD_REQUEST)
                    .exception();
        }
        List<AcceptableMediaType> ranges;
        try {
            ranges = HttpHeaderReader.readAcceptMediaType(String.join(",", values));
        } catch (ParseException | IllegalArgumentException e) {
            throw Refusal.because(ReasonCode.MALFORMED_REQUEST, "the header Accept is malformed")
                    .status(HttpServletResponse.SC_BAD_REQUEST)
                    .cause(e)
                    .exception();
        }
        boolean acceptable = ranges.stream()
                .filter(range -> range.isCompatible(MediaType.APPLICATION_JSON_TYPE))
                .min(Comparator.comparing(MediaType::isWildcardType).thenComparing(MediaType::isWildcardSubtype))
                .map(range -> range.getQuality() > 0)
                .orElse(false);
        if (!acceptable) {
            throw HttpErrors.refusal(HttpServletResponse.SC_NOT_ACCEPTABLE).exception();
        }
    }
}
