package dev.tokenservice.authentication.sources;

import dev.tokenservice.authentication.RequestHeaders;
import dev.tokenservice.identity.Attribute;
import dev.tokenservice.identity.DirectoryName;
import dev.tokenservice.x509.DirectoryNameReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.format.ResolverStyle;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads the value of a header in which the load balancer tells an attribute of the certificate. */
final class SummaryHeader {

    private static final int MAX_LIST_LENGTH = 16_384;
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ssXXX", Locale.ROOT)
            .withResolverStyle(ResolverStyle.STRICT);

    private SummaryHeader() {}

    static Attribute<DirectoryName> name(RequestHeaders headers, Optional<String> header) {
        Optional<String> value = header.flatMap(headers::single);
        if (value.isEmpty()) {
            return Attribute.unknown();
        }
        checkLength(value.get(), header.get());
        return Attribute.of(DirectoryNameReader.of(decodedBytes(value.get(), header.get())));
    }

    /** No white space between the items: a proxy that joins two headers of one name leaves some. */
    static List<String> list(RequestHeaders headers, String name) {
        Optional<String> value = headers.single(name);
        List<String> items = new ArrayList<>();
        if (value.isEmpty()) {
            return items;
        }
        checkLength(value.get(), name);
        for (String item : value.get().split(",", -1)) {
            items.add(decode(item, name));
        }
        return items;
    }

    private static void checkLength(String value, String name) {
        if (value.length() > MAX_LIST_LENGTH) {
            throw GoogleSummary.contradictory(name + " is too long").exception();
        }
    }

    private static String decode(String item, String name) {
        try {
            return StandardCharsets.US_ASCII
                    .newDecoder()
                    .decode(ByteBuffer.wrap(decodedBytes(item, name)))
                    .toString();
        } catch (CharacterCodingException e) {
            throw GoogleSummary.contradictory(name + " holds non-ASCII characters")
                    .cause(e)
                    .exception();
        }
    }

    private static byte[] decodedBytes(String item, String name) {
        try {
            byte[] decoded = Base64.getDecoder().decode(item);
            checkCanonical(item, decoded, name);
            return decoded;
        } catch (IllegalArgumentException e) {
            throw GoogleSummary.contradictory(name + " is not a list of base64 items")
                    .cause(e)
                    .exception();
        }
    }

    /** Bits beyond the last byte must be zero (RFC 4648 section 3.5), which the decoder does not insist on. */
    private static void checkCanonical(String item, byte[] decoded, String name) {
        if (!Base64.getEncoder().encodeToString(decoded).startsWith(item)) {
            throw GoogleSummary.contradictory(name + " holds base64 that is not canonical")
                    .exception();
        }
    }

    static Optional<Instant> time(RequestHeaders headers, String name) {
        try {
            return headers.single(name)
                    .map(text -> OffsetDateTime.parse(text, TIME).toInstant());
        } catch (DateTimeParseException e) {
            throw GoogleSummary.contradictory(name + " is not a date and time (RFC 3339)")
                    .cause(e)
                    .exception();
        }
    }
}
