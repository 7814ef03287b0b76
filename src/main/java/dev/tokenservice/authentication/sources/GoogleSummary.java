package dev.tokenservice.authentication.sources;

import dev.tokenservice.authentication.RequestHeaders;
import dev.tokenservice.identity.Attribute;
import dev.tokenservice.identity.ClientCertificate;
import dev.tokenservice.identity.MalformedCertificateException;
import dev.tokenservice.identity.Names;
import dev.tokenservice.identity.SpiffeId;
import dev.tokenservice.oauth.ReasonCode;
import dev.tokenservice.oauth.Refusal;
import java.util.Collections;
import java.util.List;
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

    private final GoogleLoadBalancerFactory names;

    GoogleSummary(GoogleLoadBalancerFactory names) {
        this.names = names;
    }

    ClientCertificate read(RequestHeaders headers) {
        List<String> uris = uris(headers);
        List<String> dnsNames = SummaryHeader.list(headers, names.dnsSans);
        boolean leftOut = headers.single(names.error).isPresent();
        try {
            return new ClientCertificate(
                    Names.ofAlternatives(
                                    Attribute.all(uris),
                                    Attribute.all(dnsNames).absentOnlyIf(!leftOut && headers.has(names.dnsSans)))
                            .absentOnlyIf(
                                    !leftOut && headers.has(names.spiffeId), !leftOut && headers.has(names.uriSans))
                            .with(
                                    SummaryHeader.name(headers, names.subject()),
                                    SummaryHeader.name(headers, names.issuer())),
                    headers.single(names.sha256Fingerprint),
                    headers.single(names.serialNumber),
                    SummaryHeader.time(headers, names.notBefore),
                    SummaryHeader.time(headers, names.notAfter),
                    Set.of());
        } catch (MalformedCertificateException e) {
            throw contradictory(e.getMessage() == null ? "an attribute is malformed" : e.getMessage())
                    .cause(e)
                    .exception();
        }
    }

    /** A SPIFFE ID in both headers is one name told twice; twice in the list it is two names. */
    private List<String> uris(RequestHeaders headers) {
        List<String> uris = SummaryHeader.list(headers, names.uriSans);
        headers.single(names.spiffeId)
                .map(id -> SpiffeId.parse(id)
                        .orElseThrow(() -> contradictory(names.spiffeId + " is not a SPIFFE ID")
                                .exception()))
                .filter(id -> Collections.frequency(uris, id.uri()) != 1)
                .ifPresent(id -> uris.add(id.uri()));
        return uris;
    }

    static Refusal.Builder contradictory(String detail) {
        return Refusal.because(
                        ReasonCode.CONTRADICTORY_HEADERS, "the certificate headers of the load balancer are invalid")
                .detail(detail);
    }
}
