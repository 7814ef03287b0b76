package dev.tokenservice.tls;

import dev.tokenservice.cryptography.NativeCryptography;
import dev.tokenservice.files.FileReading;
import dev.tokenservice.files.Watched;
import dev.tokenservice.files.WatchedFiles;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * TLS on the admin port, which asks for no client certificate.
 *
 * @param certificate file with the server's certificate and its chain, PEM
 * @param privateKey file with its key, PEM, not encrypted
 */
public record AdminTls(Path certificate, Path privateKey) {

    /**
     * Reads the certificate with its chain, and sees whether its key is there and fits.
     *
     * @throws dev.tokenservice.files.UnusableFileException when they cannot be used
     */
    public List<X509Certificate> readChain() {
        return read().chain();
    }

    private ServerIdentity read() {
        return ServerIdentity.readPem(certificate, privateKey, "ADMIN_PRIVATE_KEY");
    }

    /** Returns the files that the service reads at start-up. */
    public FileReading fileReading(Clock clock) {
        Map<String, Path> files = new LinkedHashMap<>();
        files.put("adminCertificate", certificate);
        files.put("adminPrivateKey", privateKey);
        return new FileReading(files, () -> read().current(certificate, clock.instant()));
    }

    /** Makes what the connector needs, which follows its files. */
    public ClientTls context(WatchedFiles files, Clock clock, NativeCryptography cryptography) {
        Watched<ServerContext> context = files.watch(
                "the admin port's identity (ADMIN_CERTIFICATE, ADMIN_PRIVATE_KEY)",
                List.of(certificate, privateKey),
                () -> ServerContext.withoutClients(read().current(certificate, clock.instant()), cryptography));
        cryptography.useEverywhere();
        return ServerContext.connectorWithoutClients(context);
    }
}
