package dev.tokenservice.testing;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.Collection;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/** What a Google Cloud Application Load Balancer makes of a client certificate: its custom request headers. */
public final class TestLoadBalancer {

    public static final String PRESENT = "X-Client-Cert-Present";
    public static final String VERIFIED = "X-Client-Cert-Chain-Verified";
    public static final String ERROR = "X-Client-Cert-Error";
    public static final String HASH = "X-Client-Cert-Hash";
    public static final String SERIAL = "X-Client-Cert-Serial-Number";
    public static final String SPIFFE = "X-Client-Cert-SPIFFE";
    public static final String URI_SANS = "X-Client-Cert-URI-SANs";
    public static final String DNS_SANS = "X-Client-Cert-DNSName-SANs";
    public static final String NOT_BEFORE = "X-Client-Cert-Valid-Not-Before";
    public static final String NOT_AFTER = "X-Client-Cert-Valid-Not-After";

    /** All ten, in the order in which the guide configures them. */
    public static final List<String> ALL =
            List.of(PRESENT, VERIFIED, ERROR, HASH, SERIAL, SPIFFE, URI_SANS, DNS_SANS, NOT_BEFORE, NOT_AFTER);

    private static final int DNS = 2;
    private static final int URI = 6;
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ssxxx");

    private TestLoadBalancer() {}

    /** For a certificate that passed. */
    public static Headers verified(X509Certificate certificate) {
        List<String> uris = names(certificate, URI);
        List<String> others =
                uris.stream().filter(uri -> !uri.startsWith("spiffe:")).toList();
        String spiffeId = uris.stream()
                .filter(uri -> uri.startsWith("spiffe:"))
                .findFirst()
                .orElse("");
        return Headers.NONE
                .and(PRESENT, "true")
                .and(VERIFIED, "true")
                .and(ERROR, "")
                .and(HASH, hash(certificate))
                .and(SERIAL, serial(certificate))
                .and(SPIFFE, spiffeId)
                .and(URI_SANS, list(others))
                .and(DNS_SANS, list(names(certificate, DNS)))
                .and(NOT_BEFORE, time(certificate.getNotBefore()))
                .and(NOT_AFTER, time(certificate.getNotAfter()));
    }

    /** For a certificate that did not pass: nothing of it is told, but for its hash. */
    public static Headers unverified(X509Certificate certificate, String error) {
        return empty().with(PRESENT, "true").with(ERROR, error).with(HASH, hash(certificate));
    }

    /** For a connection without a certificate. */
    public static Headers withoutCertificate() {
        return empty().with(ERROR, "client_cert_not_provided");
    }

    private static Headers empty() {
        Headers headers = Headers.NONE;
        for (String name : ALL) {
            headers = headers.and(name, "");
        }
        return headers.with(PRESENT, "false").with(VERIFIED, "false");
    }

    /** A list of SANs as the load balancer sends it, padded. */
    public static String list(List<String> items) {
        return items.stream()
                .map(item -> Base64.getEncoder().encodeToString(item.getBytes(StandardCharsets.UTF_8)))
                .collect(Collectors.joining(","));
    }

    /** SHA-256 of the certificate, as the load balancer sends it. */
    public static String hash(X509Certificate certificate) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
            return Base64.getEncoder().withoutPadding().encodeToString(digest);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The serial number's DER bytes, as the load balancer sends them. */
    public static String serial(X509Certificate certificate) {
        return HexFormat.ofDelimiter(":")
                .formatHex(certificate.getSerialNumber().toByteArray());
    }

    private static String time(Date date) {
        return TIME.format(date.toInstant().atOffset(ZoneOffset.UTC));
    }

    private static List<String> names(X509Certificate certificate, int kind) {
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            return names == null
                    ? List.of()
                    : names.stream()
                            .filter(name -> name.get(0).equals(kind))
                            .map(name -> String.valueOf(name.get(1)))
                            .toList();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
