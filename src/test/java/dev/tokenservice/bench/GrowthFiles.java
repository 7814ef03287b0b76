package dev.tokenservice.bench;

import dev.tokenservice.testing.TestAuthority;
import java.io.BufferedWriter;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CRLException;
import java.security.cert.X509CRL;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bouncycastle.cert.X509v2CRLBuilder;

/**
 * The files that {@link Growth} reads. Another process makes them, each in several versions: the JDK keeps certificates and
 * lists that it has parsed, so that the same content is parsed only once.
 */
final class GrowthFiles {

    static final String SMALLEST = "1 authority, 2,000 revoked, 1 denied";

    /** The rows of the table. */
    static final List<String> NAMES = List.of(
            SMALLEST,
            "500 authorities",
            "20,000 revoked",
            "200,000 revoked",
            "200,000 revoked, PEM",
            "100,000 denied by fingerprint",
            "1,000,000 denied by fingerprint",
            "1,000,000 denied by serial number");

    static final int VERSIONS = 3;
    static final int ROUNDS = 11;

    /** As many as there are rounds of measured rows, and some to warm up with. */
    static final int CLIENT_FILES = 120;

    private static final int CLIENTS = 50;
    private static final int SERIAL_BITS = 159;

    private final Path folder;
    private final TestAuthority authority = TestAuthority.root("Root");
    private final Random random = new Random();

    private GrowthFiles(Path folder) {
        this.folder = folder;
    }

    static Path file(Path folder, String kind, String name, int version) {
        return folder.resolve(kind + "." + name + "." + version);
    }

    static void make(Path folder) throws IOException, CRLException {
        GrowthFiles files = new GrowthFiles(folder);
        for (int i = 0; i < CLIENT_FILES; i++) {
            files.clients(i);
        }
        for (int version = 0; version < VERSIONS; version++) {
            files.bundle(SMALLEST, version, 1);
            files.bundle("500 authorities", version, 500);
            files.list(SMALLEST, version, 2_000);
            files.list("20,000 revoked", version, 20_000);
            files.list("200,000 revoked", version, 200_000);
            TestAuthority.write(file(folder, "lists", "200,000 revoked, PEM", version), files.list(200_000));
            files.denied(SMALLEST, version, 1, "");
            files.denied("100,000 denied by fingerprint", version, 100_000, "");
            files.denied("1,000,000 denied by fingerprint", version, 1_000_000, "");
            files.denied("1,000,000 denied by serial number", version, 1_000_000, "CN=Root");
        }
    }

    private void clients(int version) throws IOException {
        TestAuthority.write(
                file(folder, "clients", "", version),
                IntStream.range(0, CLIENTS)
                        .mapToObj(i -> authority
                                .client("spiffe://example.com/" + version + "/" + i)
                                .certificate())
                        .toArray());
    }

    private void bundle(String name, int version, int authorities) throws IOException {
        TestAuthority.write(
                file(folder, "bundle", name, version),
                Stream.concat(
                                IntStream.range(1, authorities)
                                        .mapToObj(i ->
                                                TestAuthority.root("Root " + i).certificate()),
                                Stream.of(authority.certificate()))
                        .toArray());
    }

    private void list(String name, int version, int entries) throws IOException, CRLException {
        Files.write(file(folder, "lists", name, version), list(entries).getEncoded());
    }

    private X509CRL list(int entries) {
        return authority.revoke(Duration.ofDays(1), builder -> addEntries(builder, entries));
    }

    /** With one SHA-256 a line, or one serial number and this issuer. */
    private void denied(String name, int version, int lines, String issuer) throws IOException {
        byte[] fingerprint = new byte[32];
        try (BufferedWriter list = Files.newBufferedWriter(file(folder, "denied", name, version))) {
            for (int i = 0; i < lines; i++) {
                random.nextBytes(fingerprint);
                list.write(
                        issuer.isEmpty()
                                ? HexFormat.of().formatHex(fingerprint)
                                : HexFormat.of().formatHex(serialNumber().toByteArray()) + " " + issuer);
                list.newLine();
            }
        }
    }

    /** With the serial numbers that most authorities give, of 20 bytes. */
    private void addEntries(X509v2CRLBuilder list, int entries) {
        Date date = Date.from(Instant.now());
        for (int i = 0; i < entries; i++) {
            list.addCRLEntry(serialNumber(), date, 0);
        }
    }

    private BigInteger serialNumber() {
        return new BigInteger(SERIAL_BITS, random).setBit(SERIAL_BITS - 1);
    }
}
