package dev.tokenservice.testing;

import dev.tokenservice.authentication.CertificateSource;
import dev.tokenservice.authentication.CertificateSourceFactory;
import dev.tokenservice.authentication.Evidence;
import dev.tokenservice.authentication.IncomingRequest;
import dev.tokenservice.authentication.UnsoundEvidence;
import dev.tokenservice.authentication.sources.EncodedCertificates;
import dev.tokenservice.identity.ClientCertificate;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A flow of a site's own, which does no more than it has to: each of its headers is another kind of evidence. */
public final class SiteFlow implements CertificateSourceFactory, CertificateSource {

    public static final String NAME = "site-client-credentials";
    public static final String VOUCHED_FOR = "X-Site-Verified";
    public static final String UNVERIFIED = "X-Site-Unverified";
    public static final String SUMMARY = "X-Site-Uri";

    @Override
    public String flow() {
        return NAME;
    }

    @Override
    public Set<String> headers() {
        return Set.of(VOUCHED_FOR, UNVERIFIED, SUMMARY);
    }

    @Override
    public CertificateSource build() {
        return this;
    }

    @Override
    public Evidence evidence(IncomingRequest request) {
        Optional<List<X509Certificate>> verified =
                request.headers().parsed(VOUCHED_FOR, EncodedCertificates::ofBase64List);
        Optional<List<X509Certificate>> unverified =
                request.headers().parsed(UNVERIFIED, EncodedCertificates::ofBase64List);
        if (verified.isPresent()) {
            return Evidence.vouchedFor(verified.get());
        }
        if (unverified.isPresent()) {
            return Evidence.unverified(unverified.get());
        }
        return request.headers().parsed(SUMMARY, SiteFlow::summary).orElseThrow(() -> UnsoundEvidence.missing(SUMMARY));
    }

    private static Evidence summary(String uri) {
        return Evidence.summary(ClientCertificate.ofUris(
                List.of(uri), List.of(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()));
    }
}
