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
 * An authority and its verification material.
 *
 * @param fetched its fetched revocation lists; empty if none are fetched
 * @param offered the certificates whose names the TLS handshake offers to clients
 */
record Trusted(
        Authority authority,
        CertificateVerifier verifier,
        Optional<FetchedLists> fetched,
        List<X509Certificate> offered) {

    /** Returns the refusal with the keys of the policy in place of the settings that they replace. */
    Refusal told(Refusal refusal) {
        return refusal.withDetail(refusal.detail()
                .orElse("no more is known")
                .replace("MTLS_TRUST_BUNDLE", "the trustBundle of " + authority.name())
                .replace("MTLS_CRL", "the revocationLists of " + authority.name()));
    }

    /** Returns whether the authority accepts a certificate, as text for operators. */
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
