package dev.tokenservice.tls;

import dev.tokenservice.configuration.Description;
import dev.tokenservice.configuration.FilePath;
import dev.tokenservice.configuration.ListenAddress;
import dev.tokenservice.configuration.Variable;
import dev.tokenservice.cryptography.NativeCryptography;
import dev.tokenservice.files.FileReading;
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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The settings of TLS that this service terminates itself, and of the authorities that clients' certificates come from. */
@SelfValidating
public final class TlsFactory {

    @Variable("MTLS_PORT")
    @Description("TLS port, if MTLS_CERTIFICATE is set; 0 picks a free one.")
    @PortRange(message = "must be a port number, 0 to 65535")
    int port = 8443;

    @Variable("MTLS_HOST")
    @Description(
            "Address that the TLS port listens on: an IP address of this machine, or a name of one. Without it all "
                    + "interfaces.")
    @Nullable
    @ListenAddress
    String host;

    @Variable("MTLS_CERTIFICATE")
    @Description("Certificate of the server and its chain, PEM; or key and certificate in PKCS#12.")
    @Nullable
    @FilePath
    String certificate;

    @Variable("MTLS_PRIVATE_KEY")
    @Description("Private key of this certificate, PEM.")
    @Nullable
    @FilePath
    String privateKey;

    @Variable(value = "MTLS_PRIVATE_KEY_PASSWORD", secret = true)
    @Description("Password of the private key or of the PKCS#12 file.")
    String privateKeyPassword = "";

    @Variable("MTLS_TRUST_BUNDLE")
    @Description("Authorities of the clients, PEM or PKCS#12: roots, and intermediates that clients do not send. Text "
            + "between PEM blocks is allowed. The service refuses a line that looks like a malformed part of a "
            + "block.")
    @Nullable
    @FilePath
    String trustBundle;

    @Variable("MTLS_CRL")
    @Description("Revocation lists, PEM or DER: one for every authority that issues to clients. A list that covers "
            + "only clients is enough. If an authority has a list for each distribution point, add all of them. The "
            + "service refuses indirect and delta lists.")
    @Nullable
    @FilePath
    String revocationLists;

    /** What is set must have beside it what it cannot do without. */
    @SelfValidation
    public void validateFiles(ViolationCollector problems) {
        if (privateKey != null && certificate == null) {
            problems.addViolation("certificate", "must be set with MTLS_PRIVATE_KEY");
        }
        if (revocationLists != null && trustBundle == null) {
            problems.addViolation("trustBundle", "must be set with MTLS_CRL");
        }
    }

    /** Returns whether there is a TLS connector. */
    public boolean isEnabled() {
        return certificate != null;
    }

    /** Returns the variables that are set of those that say whom to trust. */
    public List<String> trustSettings() {
        return Stream.of(trustBundle == null ? "" : "MTLS_TRUST_BUNDLE", revocationLists == null ? "" : "MTLS_CRL")
                .filter(name -> !name.isEmpty())
                .toList();
    }

    public Optional<Path> trustBundle() {
        return path(trustBundle);
    }

    public Optional<Path> revocationLists() {
        return path(revocationLists);
    }

    /** Returns whether chains are verified here. */
    public boolean hasTrustBundle() {
        return trustBundle != null;
    }

    public int port() {
        return port;
    }

    /** Address that the TLS connector listens on; empty for all interfaces. */
    public Optional<String> host() {
        return Optional.ofNullable(host);
    }

    /** Returns the file with the server's private key: that of MTLS_PRIVATE_KEY, else the PKCS#12 file; empty without TLS. */
    public Optional<Path> keyFile() {
        return path(privateKey).or(() -> path(certificate));
    }

    /** Returns the files that the service reads at start-up. */
    public List<FileReading> fileReadings(Clock clock) {
        List<FileReading> readings = new ArrayList<>();
        path(certificate).ifPresent(file -> {
            Map<String, Path> files = new LinkedHashMap<>(Map.of("certificate", file));
            path(privateKey).ifPresent(key -> {
                files.put("privateKey", key);
                readings.add(FileReading.of(
                        "privateKey", key, () -> ServerIdentity.checkKey(file, key, privateKeyPassword.toCharArray())));
            });
            readings.add(new FileReading(files, () -> readIdentity(file).current(file, clock.instant())));
        });
        path(trustBundle)
                .ifPresent(file -> readings.add(FileReading.of("trustBundle", file, () -> readTrustBundle(file))));
        path(revocationLists)
                .ifPresent(file -> readings.add(FileReading.of("revocationLists", file, this::readRevocationLists)));
        return readings;
    }

    /** Makes the verifier of client certificates, where there is a trust bundle. */
    public Optional<Watched<CertificateVerifier>> verifier(WatchedFiles files, Clock clock) {
        return path(trustBundle)
                .map(bundle -> files.watch(
                        "client trust (MTLS_TRUST_BUNDLE, MTLS_CRL)",
                        paths(trustBundle, revocationLists),
                        () -> verifier(bundle, clock)));
    }

    private CertificateVerifier verifier(Path bundle, Clock clock) {
        return new CertificateVerifier(readTrustBundle(bundle), readRevocationLists(), clock);
    }

    /**
     * Reads what client certificates are verified with, where there is a trust bundle, and does not watch it.
     *
     * @throws dev.tokenservice.files.UnusableFileException when it cannot be used
     */
    public Optional<CertificateVerifier> readVerifier(Clock clock) {
        return path(trustBundle).map(bundle -> verifier(bundle, clock));
    }

    /**
     * Reads the trust bundle, if there is one.
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
     * Reads the revocation lists; none if none are configured.
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
     * @param authorities whose names clients are told; without it those of the trust bundle
     * @throws IllegalStateException when there is to be no TLS connector
     */
    public ClientTls context(
            WatchedFiles files,
            Clock clock,
            NativeCryptography cryptography,
            Optional<Supplier<List<X509Certificate>>> authorities) {
        Path certificateFile = path(certificate).orElseThrow(() -> new IllegalStateException("there is no TLS"));
        ShownCertificates shown = new ShownCertificates();
        Watched<ServerContext> context = files.watch(
                "server identity (MTLS_CERTIFICATE, MTLS_PRIVATE_KEY)",
                paths(certificate, privateKey, trustBundle),
                () -> ServerContext.of(
                        readIdentity(certificateFile).current(certificateFile, clock.instant()),
                        authorities.orElseGet(this::ofTrustBundle),
                        cryptography,
                        shown));
        return ServerContext.connector(context, shown);
    }

    private Supplier<List<X509Certificate>> ofTrustBundle() {
        TrustBundle bundle = readTrustBundle()
                .orElseThrow(() -> new IllegalStateException("validated: something says whom to trust"));
        List<X509Certificate> all = Stream.concat(bundle.roots().stream(), bundle.intermediates().stream())
                .toList();
        return () -> all;
    }

    private static Optional<Path> path(@Nullable String path) {
        return Optional.ofNullable(path).map(Path::of);
    }

    private static List<Path> paths(@Nullable String... paths) {
        return Stream.of(paths).filter(Objects::nonNull).map(Path::of).toList();
    }
}
