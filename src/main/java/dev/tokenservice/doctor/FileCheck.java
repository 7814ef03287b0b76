package dev.tokenservice.doctor;

import dev.tokenservice.authentication.AuthenticationFactory;
import dev.tokenservice.authentication.ProxyTrust;
import dev.tokenservice.files.UnusableFileException;
import dev.tokenservice.tls.AdminTls;
import dev.tokenservice.tls.TlsFactory;
import dev.tokenservice.x509.RevocationLists;
import dev.tokenservice.x509.TrustBundle;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Whether the files of TLS and of revocation can be used, and for how long. Read as the service reads them. */
final class FileCheck {

    private final AuthenticationFactory authentication;
    private final TlsFactory tls;
    private final Optional<AdminTls> adminTls;
    private final StartWarnings warnings;
    private final Clock clock;

    FileCheck(ConfigurationSections settings, Clock clock) {
        this.authentication = settings.authentication();
        this.warnings = new StartWarnings(settings);
        this.tls = authentication.tls();
        this.adminTls = settings.server().adminTls();
        this.clock = clock;
    }

    void run(Findings findings) {
        examine(
                CheckName.SERVER_CERTIFICATE,
                "MTLS_CERTIFICATE, MTLS_PRIVATE_KEY",
                findings,
                () -> new CertificateExpiry(CheckName.SERVER_CERTIFICATE, "MTLS_CERTIFICATE", clock)
                        .judge(tls.readServerChain(), findings));
        examine(
                CheckName.ADMIN_CERTIFICATE,
                "ADMIN_CERTIFICATE, ADMIN_PRIVATE_KEY",
                findings,
                () -> new CertificateExpiry(CheckName.ADMIN_CERTIFICATE, "ADMIN_CERTIFICATE", clock)
                        .judge(adminTls.map(AdminTls::readChain), findings));
        examine(CheckName.TRUST_BUNDLE, "MTLS_TRUST_BUNDLE", findings, () -> trustBundle(findings));
        examine(CheckName.REVOCATION_LISTS, "MTLS_CRL", findings, () -> revocationLists(findings));
        if (Stream.of(CheckName.TRUST_BUNDLE, CheckName.REVOCATION_LISTS).anyMatch(findings::failed)) {
            findings.skip("TLS files cannot be used", CheckName.DENIED_CERTIFICATES);
        } else {
            examine(CheckName.DENIED_CERTIFICATES, "DENIED_CERTIFICATES", findings, () -> denied(findings));
        }
        proxyTrust(findings);
    }

    private void proxyTrust(Findings findings) {
        if (authentication.readsHeaders()) {
            findings.warnOrElse(
                    warnings.of(CheckName.PROXY_TRUST),
                    () -> findings.ok(CheckName.PROXY_TRUST, ProxyTrust.Basis.PROOFS.description()));
        } else {
            findings.skip("no flow reads a proxy's headers", CheckName.PROXY_TRUST);
        }
    }

    private static void examine(CheckName check, String variables, Findings findings, Runnable examination) {
        try {
            examination.run();
        } catch (UnusableFileException e) {
            String message = String.valueOf(e.getMessage());
            findings.fail(
                    check,
                    message.startsWith(variables) ? message : variables + ": " + message,
                    "fix the file, or change " + variables);
        }
    }

    private void trustBundle(Findings findings) {
        Optional<TrustBundle> bundle = tls.readTrustBundle();
        if (bundle.isEmpty()) {
            findings.skip("MTLS_TRUST_BUNDLE is not set", CheckName.TRUST_BUNDLE);
            return;
        }
        List<String> expired = Stream.concat(bundle.get().roots().stream(), bundle.get().intermediates().stream())
                .filter(authority -> authority.getNotAfter().toInstant().isBefore(clock.instant()))
                .map(authority -> authority.getSubjectX500Principal().getName())
                .toList();
        if (expired.isEmpty()) {
            findings.ok(
                    CheckName.TRUST_BUNDLE,
                    bundle.get().roots().size() + " roots, "
                            + bundle.get().intermediates().size() + " intermediates");
        } else {
            findings.warn(
                    CheckName.TRUST_BUNDLE,
                    "MTLS_TRUST_BUNDLE: the service refuses the clients of these expired authorities: "
                            + String.join("; ", expired),
                    "add the new certificates of these authorities to the file of MTLS_TRUST_BUNDLE");
        }
    }

    private void revocationLists(Findings findings) {
        RevocationLists lists = tls.readRevocationLists();
        List<String> outOfDate = lists.outOfDate(clock.instant());
        if (lists.lists().isEmpty()) {
            findings.skip(
                    "MTLS_CRL is not set: the TLS connector checks no revocation lists", CheckName.REVOCATION_LISTS);
        } else if (outOfDate.isEmpty()) {
            findings.ok(CheckName.REVOCATION_LISTS, lists.lists().size() + " revocation lists, current");
        } else {
            findings.fail(
                    CheckName.REVOCATION_LISTS,
                    "MTLS_CRL: the service refuses clients, because these revocation lists are expired: "
                            + String.join("; ", outOfDate),
                    "fetch the current lists into the file of MTLS_CRL; the service reads it without a restart");
        }
    }

    private void denied(Findings findings) {
        String notice = authentication.deniedNotice(clock);
        if (!notice.isEmpty()) {
            findings.warn(
                    CheckName.DENIED_CERTIFICATES,
                    notice,
                    "correct the issuer on these lines, unless clients send this authority themselves");
        } else if (authentication.deniesCertificates()) {
            findings.ok(CheckName.DENIED_CERTIFICATES, "the file can be used");
        } else {
            findings.skip("DENIED_CERTIFICATES is not set", CheckName.DENIED_CERTIFICATES);
        }
    }
}
