package dev.tokenservice.tls;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.tokenservice.configuration.FilePath;
import dev.tokenservice.files.Watched;
import dev.tokenservice.files.WatchedFiles;
import dev.tokenservice.x509.CertificateVerifier;
import dev.tokenservice.x509.RevocationLists;
import dev.tokenservice.x509.TrustBundle;
import io.dropwizard.validation.PortRange;
import io.dropwizard.validation.selfvalidating.SelfValidating;
import io.dropwizard.validation.selfvalidating.SelfValidation;
import io.dropwizard.validation.selfvalidating.ViolationCollector;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.jspecify.annotations.Nullable;

/** The settings of TLS that this service terminates itself, and of the authorities that clients' certificates come from. */
@SelfValidating
public final class TlsFactory {

    /** Port of the TLS connector, where there is one; 0 picks a free one. */
    @JsonProperty
    @PortRange(message = "must be a port number, 0 to 65535")
    int port = 8443;

    /** File with the server's certificate and its chain in PEM, or with key and certificate in PKCS#12. */
    @JsonProperty
    @Nullable
    @FilePath
    String certificate;

    /** File with its private key in PEM. */
    @JsonProperty
    @Nullable
    @FilePath
    String privateKey;

    /** What the key, or the PKCS#12 file, is encrypted with. */
    @JsonProperty
    String privateKeyPassword = "";

    /** File with the authorities. */
    @JsonProperty
    @Nullable
    @FilePath
    String trustBundle;

    /** File with revocation lists. */
    @JsonProperty
    @Nullable
    @FilePath
    String revocationLists;

    /** What is set must have beside it what it cannot do without. */
    @SelfValidation
    public void validateFiles(ViolationCollector problems) {
        if (certificate != null && trustBundle == null) {
            problems.addViolation(
                    "trustBundle", "must be set where MTLS_CERTIFICATE is: nobody else knows whom to trust");
        }
        if (privateKey != null && certificate == null) {
            problems.addViolation("certificate", "must be set where MTLS_PRIVATE_KEY is");
        }
        if (revocationLists != null && trustBundle == null) {
            problems.addViolation("trustBundle", "must be set where MTLS_CRL is");
        }
    }

    /** Whether there is a TLS connector. */
    public boolean isEnabled() {
        return certificate != null;
    }

    /** Whether chains are verified here. */
    public boolean hasTrustBundle() {
        return trustBundle != null;
    }

    /** Port of the TLS connector. */
    public int port() {
        return port;
    }

    /** The file with the server's private key: that of MTLS_PRIVATE_KEY, else the PKCS#12 file; empty without TLS. */
    public Optional<Path> keyFile() {
        return path(privateKey).or(() -> path(certificate));
    }

    /** Makes the verifier of client certificates, where there is a trust bundle. */
    public Optional<Watched<CertificateVerifier>> verifier(WatchedFiles files, Clock clock) {
        return path(trustBundle)
                .map(bundle -> files.watch(
                        "the trust in clients (MTLS_TRUST_BUNDLE, MTLS_CRL)",
                        paths(trustBundle, revocationLists),
                        () -> new CertificateVerifier(readTrustBundle(bundle), readRevocationLists(), clock)));
    }

    /**
     * Reads the trust bundle, where there is one.
     *
     * @throws dev.tokenservice.files.UnusableFileException when it cannot be used
     */
    public Optional<TrustBundle> readTrustBundle() {
        return path(trustBundle).map(this::readTrustBundle);
    }

    private TrustBundle readTrustBundle(Path file) {
        return TrustBundle.read(file, privateKeyPassword.toCharArray());
    }

    /**
     * Reads the revocation lists; none where none are configured.
     *
     * @throws dev.tokenservice.files.UnusableFileException when they cannot be used
     */
    public RevocationLists readRevocationLists() {
        return path(revocationLists).map(RevocationLists::read).orElse(RevocationLists.NONE);
    }

    /**
     * Reads the server's certificate with its chain, and sees whether its key is there and fits; empty without TLS.
     *
     * @throws dev.tokenservice.files.UnusableFileException when they cannot be used
     */
    public Optional<List<X509Certificate>> readServerChain() {
        return path(certificate).map(file -> readIdentity(file).chain());
    }

    private ServerIdentity readIdentity(Path file) {
        return ServerIdentity.read(file, path(privateKey), privateKeyPassword.toCharArray());
    }

    /**
     * Makes what the TLS connector needs, which follows its files.
     *
     * @throws IllegalStateException when there is to be no TLS connector
     */
    public SslContextFactory.Server context(WatchedFiles files, Clock clock) {
        Path certificateFile = path(certificate).orElseThrow(() -> new IllegalStateException("there is no TLS"));
        Path bundle = path(trustBundle).orElseThrow(() -> new IllegalStateException("validated: there is a bundle"));
        Watched<ServerContext> context = files.watch(
                "the server's identity (MTLS_CERTIFICATE, MTLS_PRIVATE_KEY)",
                paths(certificate, privateKey, trustBundle),
                () -> ServerContext.of(
                        readIdentity(certificateFile).current(certificateFile, clock.instant()),
                        readTrustBundle(bundle)));
        return ServerContext.connector(context);
    }

    private static Optional<Path> path(@Nullable String path) {
        return Optional.ofNullable(path).map(Path::of);
    }

    private static List<Path> paths(@Nullable String... paths) {
        return Stream.of(paths).filter(Objects::nonNull).map(Path::of).toList();
    }
}
