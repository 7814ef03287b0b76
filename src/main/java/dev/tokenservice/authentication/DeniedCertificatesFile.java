package dev.tokenservice.authentication;

import dev.tokenservice.files.FileReading;
import dev.tokenservice.files.Watched;
import dev.tokenservice.files.WatchedFiles;
import dev.tokenservice.x509.CertificateVerifier;
import dev.tokenservice.x509.DeniedCertificates;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file of certificates that are revoked.
 *
 * @param file empty if no certificate is denied
 * @param verifier knows the authorities that clients can come from; empty without a trust bundle
 */
record DeniedCertificatesFile(Optional<String> file, Optional<Watched<CertificateVerifier>> verifier) {

    private static final Logger LOG = LoggerFactory.getLogger(DeniedCertificatesFile.class);

    /** What a file denies. */
    static DeniedCertificates read(Optional<String> file) {
        return file.map(Path::of).map(DeniedCertificates::read).orElse(DeniedCertificates.NONE);
    }

    static Optional<FileReading> reading(Optional<String> file) {
        return file.map(Path::of)
                .map(path -> FileReading.of("deniedCertificates", path, () -> DeniedCertificates.read(path)));
    }

    /** What the file denies at the time of each call. */
    Supplier<DeniedCertificates> watch(WatchedFiles files) {
        if (file.isEmpty()) {
            return () -> DeniedCertificates.NONE;
        }
        Path path = Path.of(file.get());
        return files.watch("DENIED_CERTIFICATES", List.of(path), () -> {
            DeniedCertificates denied = read(file);
            String notice = notice(denied);
            if (!notice.isEmpty()) {
                LOG.warn(notice);
            }
            return denied;
        });
    }

    /** What an operator should know of lines that deny nobody; empty if all is well. */
    String notice(DeniedCertificates denied) {
        return notice(denied, verifier.map(Watched::get));
    }

    /** The same with a verifier that knows the authorities. */
    static String notice(DeniedCertificates denied, Optional<CertificateVerifier> verifier) {
        List<Integer> lines = verifier.map(trusted -> denied.linesOfOthers(trusted.authorities()))
                .orElse(List.of());
        return lines.isEmpty()
                ? ""
                : "DENIED_CERTIFICATES names issuers that are not in MTLS_TRUST_BUNDLE on "
                        + lines.size() + " lines, the first is line " + lines.get(0)
                        + ": it denies nobody unless clients send an authority of this name; compare it with "
                        + "'openssl x509 -noout -issuer -nameopt RFC2253'";
    }
}
