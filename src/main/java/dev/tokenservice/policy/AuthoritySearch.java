package dev.tokenservice.policy;

import dev.tokenservice.oauth.OAuthError;
import dev.tokenservice.oauth.ReasonCode;
import dev.tokenservice.oauth.Refusal;
import dev.tokenservice.oauth.RefusedException;
import dev.tokenservice.x509.CertificateVerifier;
import dev.tokenservice.x509.DirectoryNameReader;
import dev.tokenservice.x509.DistinguishedName;
import dev.tokenservice.x509.SubjectAlternativeName;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds the authority that vouches for a certificate, and collects the problems of the others. */
final class AuthoritySearch {

    private final List<X509Certificate> presented;
    private final List<SubjectAlternativeName> names;
    private final DistinguishedName subject;
    private final List<String> notAllowed = new ArrayList<>();
    private @Nullable Authority best;
    private int shortest = Integer.MAX_VALUE;
    private @Nullable Refusal untrusted;

    private AuthoritySearch(List<X509Certificate> presented) {
        this.presented = presented;
        this.names = SubjectAlternativeName.of(presented.get(0));
        this.subject =
                DistinguishedName.of(DirectoryNameReader.of(presented.get(0).getSubjectX500Principal()));
    }

    /**
     * Returns the authority with a valid path (RFC 5280 section 6) that may give all names of the certificate. Of several,
     * the shortest path wins, then the order of the policy.
     *
     * @throws RefusedException {@code invalid_client} if there is none
     */
    static Authority among(List<Trusted> authorities, List<X509Certificate> presented) {
        AuthoritySearch search = new AuthoritySearch(presented);
        authorities.forEach(search::tryOn);
        return search.result();
    }

    private void tryOn(Trusted trusted) {
        try {
            int length = trusted.verifier().validPath(presented).size();
            Authority authority = trusted.authority();
            Optional<String> name = authority.restrictions().refused(names, subject);
            if (name.isPresent()) {
                notAllowed.add("the authority " + authority.name() + " may not give the name " + name.get());
            } else if (length < shortest) {
                shortest = length;
                best = authority;
            }
        } catch (RefusedException e) {
            if (untrusted == null
                    || (untrusted.reason() == ReasonCode.UNTRUSTED
                            && e.refusal().reason() != ReasonCode.UNTRUSTED)) {
                untrusted = trusted.told(e.refusal());
            }
        }
    }

    private Authority result() {
        if (best != null) {
            return best;
        }
        if (untrusted != null && untrusted.error() == OAuthError.TEMPORARILY_UNAVAILABLE) {
            throw new RefusedException(untrusted);
        }
        if (!notAllowed.isEmpty()) {
            throw Refusal.because(
                            ReasonCode.NAME_NOT_ALLOWED,
                            "the authority of the client certificate may not vouch for its names")
                    .detail(String.join("; ", notAllowed))
                    .exception();
        }
        throw new RefusedException(untrusted != null ? untrusted : CertificateVerifier.refusalOfStranger(presented));
    }
}
