package dev.tokenservice.bench;

import dev.tokenservice.cryptography.NativeCryptography;
import dev.tokenservice.x509.CertificateAttributes;
import dev.tokenservice.x509.CertificateFile;
import dev.tokenservice.x509.CertificateVerifier;
import dev.tokenservice.x509.DeniedCertificates;
import dev.tokenservice.x509.RevocationLists;
import dev.tokenservice.x509.TrustBundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import java.util.Locale;

/**
 * Measures what a large trust bundle, a large revocation list and a large list of denied certificates cost: to load them, to
 * keep them, and to verify a client certificate with them. Prints the rows of a table; times are medians of CPU time.
 */
final class Growth {

    private static final int WARM_UP = 40;
    private static final double MEBIBYTE = 1 << 20;

    private final Path folder;
    private int asked;

    /** What a client certificate is verified with. */
    private record Loaded(TrustBundle bundle, RevocationLists lists, DeniedCertificates denied) {

        static Loaded of(Path bundle, Path lists, Path denied) {
            return new Loaded(
                    TrustBundle.read(bundle, new char[0]),
                    RevocationLists.read(lists),
                    DeniedCertificates.read(denied));
        }

        double time(List<X509Certificate> clients, CertificateVerifier verifier) {
            long start = CpuTime.now();
            clients.forEach(client -> {
                verifier.verify(List.of(client));
                denied.check(CertificateAttributes.of(client));
            });
            return CpuTime.microsecondsSince(start) / clients.size();
        }
    }

    Growth(Path folder) {
        this.folder = folder;
    }

    void run() throws IOException {
        for (int i = 0; i < WARM_UP; i++) {
            verify(smallest());
        }
        for (String name : GrowthFiles.NAMES) {
            measure(name);
        }
    }

    private Loaded smallest() {
        return load(GrowthFiles.NAMES.get(0), 0);
    }

    private Loaded load(String name, int version) {
        return Loaded.of(file("bundle", name, version), file("lists", name, version), file("denied", name, version));
    }

    /** The file of this kind that is made for the row; that of the first row where the row is about another kind. */
    private Path file(String kind, String name, int version) {
        Path own = GrowthFiles.file(folder, kind, name, version);
        return Files.exists(own) ? own : GrowthFiles.file(folder, kind, GrowthFiles.NAMES.get(0), version);
    }

    private void measure(String name) throws IOException {
        long before = used();
        double[] loading = new double[GrowthFiles.VERSIONS];
        Loaded loaded = smallest();
        for (int i = 0; i < loading.length; i++) {
            long start = CpuTime.now();
            loaded = load(name, i); // The version before is still there.
            loading[i] = CpuTime.microsecondsSince(start) / 1e3;
        }
        double kept = Math.max(0, used() - before) / MEBIBYTE;
        double[][] times = new double[2][GrowthFiles.ROUNDS];
        for (int i = 0; i < GrowthFiles.ROUNDS; i++) {
            double[] round = verify(loaded);
            times[0][i] = round[0];
            times[1][i] = round[1];
        }
        long bytes = Files.size(file("bundle", name, 0))
                + Files.size(file("lists", name, 0))
                + Files.size(file("denied", name, 0));
        System.out.printf(
                Locale.ROOT,
                "| %s | %.1f | %.0f | %.0f | %.0f | %.1f |%n",
                name,
                bytes / MEBIBYTE,
                CpuTime.median(loading),
                kept,
                CpuTime.median(times[0]),
                CpuTime.median(times[1]));
    }

    /** Returns the microseconds for the first time and for the second. */
    private double[] verify(Loaded loaded) {
        // Others each time: the JDK's certificates remember who has verified their signature.
        List<X509Certificate> clients = CertificateFile.certificates(
                GrowthFiles.file(folder, "clients", "", asked++ % GrowthFiles.CLIENT_FILES), new char[0]);
        CertificateVerifier verifier = new CertificateVerifier(loaded.bundle(), loaded.lists(), Clock.systemUTC());
        return new double[] {loaded.time(clients, verifier), loaded.time(clients, verifier)};
    }

    private static long used() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    /** Takes {@code make} and an empty folder, and then {@code measure} and the same folder. */
    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[1]);
        if (arguments[0].equals("make")) {
            GrowthFiles.make(folder);
        } else {
            new NativeCryptography().useEverywhere();
            new Growth(folder).run();
        }
    }
}
