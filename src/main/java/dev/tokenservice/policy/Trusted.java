package dev.tokenservice.policy;

import dev.tokenservice.oauth.Refusal;
import dev.tokenservice.oauth.RefusedException;
import dev.tokenservice.x509.CertificateVerifier;
import dev.tokenservice.x509.DirectoryNameReader;
import dev.tokenservice.x509.DistinguishedName;
import dev.tokenservice.x509.FetchedLists;
import dev.tokenservice.x509.SubjectAlternativeName;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/**
 * An authority with what its clients are verified with.
 *
 * @param fetched its revocation lists, where some are fetched
 * @param offered the certificates of which clients are told the names in a handshake
 */
record Trusted(
        Authority authority,
        CertificateVerifier verifier,
        Optional<FetchedLists> fetched,
        List<X509Certificate> offered) {

    /** The same refusal, which names the keys of the policy in place of the settings that it replaces. */
    Refusal told(Refusal refusal) {
        return refusal.withDetail(refusal.detail()
                .orElse("no more is known")
                .replace("MTLS_TRUST_BUNDLE", "the trustBundle of " + authority.name())
                .replace("MTLS_CRL", "the revocationLists of " + authority.name()));
    }

    /** What it makes of a certificate, for operators. */
    String judgement(List<X509Certificate> presented) {
        try {
            int length = verifier.validPath(presented).size();
            DistinguishedName subject =
                    DistinguishedName.of(DirectoryNameReader.of(presented.get(0).getSubjectX500Principal()));
            return "a valid path of " + length + " certificates"
                    + (fetched.isPresent() ? " (fetched revocation lists are ignored here); " : "; ")
                    + authority
                            .restrictions()
                            .refused(SubjectAlternativeName.of(presented.get(0)), subject)
                            .map(name -> "it may not give the name " + name)
                            .orElse("it may give all names");
        } catch (RefusedException e) {
            Refusal refusal = told(e.refusal());
            return "no valid path: " + refusal.detail().orElse(refusal.description());
        }
    }
}
