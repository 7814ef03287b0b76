package dev.tokenservice.authentication.sources;

import dev.tokenservice.authentication.RequestHeaders;
import dev.tokenservice.identity.Attribute;
import dev.tokenservice.identity.ClientCertificate;
import dev.tokenservice.identity.DirectoryName;
import dev.tokenservice.identity.MalformedCertificateException;
import dev.tokenservice.identity.Names;
import dev.tokenservice.identity.SpiffeId;
import dev.tokenservice.oauth.ReasonCode;
import dev.tokenservice.oauth.Refusal;
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
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What Google's load balancer tells of a certificate, beside what it thinks of it:
 *
 * <pre>
 * sha256_fingerprint       = 43( base64 character ), without padding; filled before the certificate is verified
 * serial_number            = hex byte *( ":" hex byte ), lower case
 * spiffe_id                = a SPIFFE ID, in plain text
 * uri_sans, dnsname_sans   = base64 item *( "," base64 item ), each item padded or not
 * valid_not_before, _after = RFC 3339 date and time, without fractions of a second
 * subject_dn, issuer_dn    = base64 of the DER of a distinguished name, padded or not
 * </pre>
 */
final class GoogleSummary {

    private static final int MAX_LIST_LENGTH = 16_384;
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ssXXX", Locale.ROOT)
            .withResolverStyle(ResolverStyle.STRICT);

    private final GoogleLoadBalancerFactory names;

    GoogleSummary(GoogleLoadBalancerFactory names) {
        this.names = names;
    }

    ClientCertificate read(RequestHeaders headers) {
        List<String> uris = uris(headers);
        List<String> dnsNames = list(headers, names.dnsSans);
        boolean leftOut = headers.single(names.error).isPresent();
        try {
            return new ClientCertificate(
                    Names.ofAlternatives(
                                    Attribute.all(uris),
                                    Attribute.all(dnsNames).absentOnlyIf(!leftOut && headers.has(names.dnsSans)))
                            .absentOnlyIf(
                                    !leftOut && headers.has(names.spiffeId), !leftOut && headers.has(names.uriSans))
                            .with(name(headers, names.subject()), name(headers, names.issuer())),
                    headers.single(names.sha256Fingerprint),
                    headers.single(names.serialNumber),
                    time(headers, names.notBefore),
                    time(headers, names.notAfter),
                    Set.of());
        } catch (MalformedCertificateException e) {
            throw contradictory(e.getMessage() == null ? "an attribute is malformed" : e.getMessage())
                    .cause(e)
                    .exception();
        }
    }

    /** A SPIFFE ID in both headers is one name told twice; twice in the list it is two names. */
    private List<String> uris(RequestHeaders headers) {
        List<String> uris = list(headers, names.uriSans);
        headers.single(names.spiffeId)
                .map(id -> SpiffeId.parse(id)
                        .orElseThrow(() -> contradictory(names.spiffeId + " is not a SPIFFE ID")
                                .exception()))
                .filter(id -> Collections.frequency(uris, id.uri()) != 1)
                .ifPresent(id -> uris.add(id.uri()));
        return uris;
    }

    private static Attribute<DirectoryName> name(RequestHeaders headers, Optional<String> header) {
        Optional<String> value = header.flatMap(headers::single);
        if (value.isEmpty()) {
            return Attribute.unknown();
        }
        checkLength(value.get(), header.get());
        return Attribute.of(DirectoryNameReader.of(decodedBytes(value.get(), header.get())));
    }

    /** No white space between the items: a proxy that joins two headers of one name leaves some. */
    private static List<String> list(RequestHeaders headers, String name) {
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
            throw contradictory(name + " is too long").exception();
        }
    }

    private static String decode(String item, String name) {
        try {
            return StandardCharsets.US_ASCII
                    .newDecoder()
                    .decode(ByteBuffer.wrap(decodedBytes(item, name)))
                    .toString();
        } catch (CharacterCodingException e) {
            throw contradictory(name + " holds non-ASCII characters").cause(e).exception();
        }
    }

    private static byte[] decodedBytes(String item, String name) {
        try {
            byte[] decoded = Base64.getDecoder().decode(item);
            checkCanonical(item, decoded, name);
            return decoded;
        } catch (IllegalArgumentException e) {
            throw contradictory(name + " is not a list of base64 items")
                    .cause(e)
                    .exception();
        }
    }

    /** Bits beyond the last byte must be zero (RFC 4648 section 3.5), which the decoder does not insist on. */
    private static void checkCanonical(String item, byte[] decoded, String name) {
        if (!Base64.getEncoder().encodeToString(decoded).startsWith(item)) {
            throw contradictory(name + " holds base64 that is not canonical").exception();
        }
    }

    private static Optional<Instant> time(RequestHeaders headers, String name) {
        try {
            return headers.single(name)
                    .map(text -> OffsetDateTime.parse(text, TIME).toInstant());
        } catch (DateTimeParseException e) {
            throw contradictory(name + " is not a date and time (RFC 3339)")
                    .cause(e)
                    .exception();
        }
    }

    static Refusal.Builder contradictory(String detail) {
        return Refusal.because(
                        ReasonCode.CONTRADICTORY_HEADERS, "the certificate headers of the load balancer are invalid")
                .detail(detail);
    }
}
