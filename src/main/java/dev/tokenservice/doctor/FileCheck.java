package dev.tokenservice.doctor;

import dev.tokenservice.authentication.Authentication;
import dev.tokenservice.authentication.AuthenticationFactory;
import dev.tokenservice.authentication.ProxyTrust;
import dev.tokenservice.files.UnusableFileException;
import dev.tokenservice.files.WatchedFiles;
import dev.tokenservice.tls.TlsFactory;
import dev.tokenservice.x509.RevocationLists;
import dev.tokenservice.x509.TrustBundle;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Whether the files of TLS and of revocation can be used, and for how long. Read as the service reads them. */
final class FileCheck {

    private static final Duration SOON = Duration.ofDays(30);

    private final AuthenticationFactory authentication;
    private final TlsFactory tls;
    private final boolean cloudRun;
    private final Clock clock;

    FileCheck(Settings settings, Clock clock) {
        this.authentication = settings.authentication();
        this.cloudRun = settings.cloudRun();
        this.tls = authentication.tls();
        this.clock = clock;
    }

    void run(Findings findings) {
        examine(
                Check.SERVER_CERTIFICATE,
                "MTLS_CERTIFICATE, MTLS_PRIVATE_KEY",
                findings,
                () -> serverCertificate(findings));
        examine(Check.TRUST_BUNDLE, "MTLS_TRUST_BUNDLE", findings, () -> trustBundle(findings));
        examine(Check.REVOCATION_LISTS, "MTLS_CRL", findings, () -> revocationLists(findings));
        if (Stream.of(Check.TRUST_BUNDLE, Check.REVOCATION_LISTS).anyMatch(findings::failed)) {
            findings.skip("files of TLS cannot be used", Check.DENIED_CERTIFICATES, Check.PROXY_TRUST);
            return;
        }
        examine(Check.DENIED_CERTIFICATES, "DENIED_CERTIFICATES", findings, () -> authentication(findings));
        if (findings.failed(Check.DENIED_CERTIFICATES)) {
            findings.skip("DENIED_CERTIFICATES cannot be used", Check.PROXY_TRUST);
        }
    }

    private static void examine(Check check, String variables, Findings findings, Runnable examination) {
        try {
            examination.run();
        } catch (UnusableFileException e) {
            String message = String.valueOf(e.getMessage());
            findings.fail(
                    check,
                    message.startsWith(variables) ? message : variables + ": " + message,
                    "mend the file, or set " + variables + " to others");
        }
    }

    private void serverCertificate(Findings findings) {
        Optional<List<X509Certificate>> chain = tls.readServerChain();
        if (chain.isEmpty()) {
            findings.skip("MTLS_CERTIFICATE is not set", Check.SERVER_CERTIFICATE);
            return;
        }
        X509Certificate certificate = chain.get().get(0);
        Instant from = certificate.getNotBefore().toInstant();
        Instant end = certificate.getNotAfter().toInstant();
        Instant now = clock.instant();
        String evidence =
                "MTLS_CERTIFICATE: " + certificate.getSubjectX500Principal() + ", valid from " + from + " to " + end;
        String remedy = "put a new certificate into the file of MTLS_CERTIFICATE; it is taken up without a restart";
        if (now.isAfter(end)) {
            findings.fail(Check.SERVER_CERTIFICATE, evidence + ": expired", remedy);
        } else if (now.isBefore(from)) {
            findings.fail(Check.SERVER_CERTIFICATE, evidence + ": not valid yet", remedy);
        } else if (now.plus(SOON).isAfter(end)) {
            findings.warn(
                    Check.SERVER_CERTIFICATE,
                    evidence + ": expires in " + Duration.between(now, end).toDays() + " days",
                    remedy);
        } else {
            findings.ok(Check.SERVER_CERTIFICATE, evidence + "; its key fits");
        }
    }

    private void trustBundle(Findings findings) {
        Optional<TrustBundle> bundle = tls.readTrustBundle();
        if (bundle.isEmpty()) {
            findings.skip("MTLS_TRUST_BUNDLE is not set", Check.TRUST_BUNDLE);
            return;
        }
        List<String> expired = Stream.concat(bundle.get().roots().stream(), bundle.get().intermediates().stream())
                .filter(authority -> authority.getNotAfter().toInstant().isBefore(clock.instant()))
                .map(authority -> authority.getSubjectX500Principal().getName())
                .toList();
        if (expired.isEmpty()) {
            findings.ok(
                    Check.TRUST_BUNDLE,
                    bundle.get().roots().size() + " roots, "
                            + bundle.get().intermediates().size() + " intermediates");
        } else {
            findings.warn(
                    Check.TRUST_BUNDLE,
                    "MTLS_TRUST_BUNDLE: expired, so that clients below are refused: " + String.join("; ", expired),
                    "add the new certificates of these authorities to the file of MTLS_TRUST_BUNDLE");
        }
    }

    private void revocationLists(Findings findings) {
        RevocationLists lists = tls.readRevocationLists();
        List<String> outOfDate = lists.outOfDate(clock.instant());
        if (lists.lists().isEmpty()) {
            findings.skip("MTLS_CRL is not set: the TLS connector checks no revocation lists", Check.REVOCATION_LISTS);
        } else if (outOfDate.isEmpty()) {
            findings.ok(Check.REVOCATION_LISTS, lists.lists().size() + " revocation lists, current");
        } else {
            findings.fail(
                    Check.REVOCATION_LISTS,
                    "MTLS_CRL: out of date, so that clients are refused, is the list of "
                            + String.join("; ", outOfDate),
                    "get the next issue of these lists into the file of MTLS_CRL; it is taken up without a restart");
        }
    }

    private void authentication(Findings findings) {
        Authentication built = authentication.build(new WatchedFiles(clock), clock, cloudRun);
        String notice = built.deniedByOthers().get();
        if (!notice.isEmpty()) {
            findings.warn(
                    Check.DENIED_CERTIFICATES,
                    notice,
                    "correct the issuer on these lines, or leave them where clients send the authority themselves");
        } else if (authentication.deniesCertificates()) {
            findings.ok(Check.DENIED_CERTIFICATES, "the file can be used");
        } else {
            findings.skip("DENIED_CERTIFICATES is not set", Check.DENIED_CERTIFICATES);
        }
        if (!authentication.readsHeaders()) {
            findings.skip("no flow reads a proxy's headers", Check.PROXY_TRUST);
        } else {
            proxyTrust(built.trust(), findings);
        }
    }

    private static void proxyTrust(ProxyTrust trust, Findings findings) {
        String remedy =
                "PROXY_SECRET=$(openssl rand -hex 32), and the same value in a custom request header of the load balancer";
        switch (trust.basis()) {
            case PROOFS -> findings.ok(Check.PROXY_TRUST, trust.description());
            case NETWORK, CLOUD_RUN -> findings.warn(Check.PROXY_TRUST, trust.description(), remedy);
            case NONE -> findings.fail(Check.PROXY_TRUST, trust.description(), remedy);
        }
    }
}
