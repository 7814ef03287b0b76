package dev.tokenservice.bench;

import dev.tokenservice.policy.Policy;
import dev.tokenservice.policy.PolicyContext;
import dev.tokenservice.policy.PolicyFile;
import dev.tokenservice.testing.TestAuthority;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Measures what the verification of a client certificate costs with one authority and with a hundred: each certificate for the first
 * time, and again while it is remembered. Prints the rows of a table; each figure is a median, in microseconds of CPU time.
 */
final class Verifications {

    /** The time of this thread alone, whatever else the machine does. */
    private static final ThreadMXBean CPU = ManagementFactory.getThreadMXBean();

    private static final int MANY = 100;
    private static final int CLIENTS = 100;
    private static final int WARM_UP = 20;
    private static final int ROUNDS = 41;

    private final List<X509Certificate> clients;
    private final PolicyFile file;
    private final double[] first = new double[ROUNDS];
    private final double[] remembered = new double[ROUNDS];

    private Verifications(Path folder, int authorities) throws IOException {
        StringBuilder text = new StringBuilder("version: 1\nauthorities:\n");
        TestAuthority asked = TestAuthority.root("Root");
        for (int i = 0; i < authorities; i++) {
            TestAuthority authority = i == authorities / 2 ? asked : TestAuthority.root("Root " + i);
            TestAuthority.write(folder.resolve(i + ".pem"), authority.certificate());
            text.append("  a%d: {trustBundle: %d.pem, trustDomains: [a%d.example]}%n".formatted(i, i, i));
        }
        text.append("rules: allow-all\n");
        String id = "spiffe://a" + authorities / 2 + ".example/";
        clients = IntStream.range(0, CLIENTS)
                .mapToObj(i -> asked.client(id + i).certificate())
                .toList();
        file = new PolicyFile(
                Files.writeString(folder.resolve("policy.yml"), text), PolicyContext.NONE, Clock.systemUTC());
    }

    private void measure(int round) {
        Policy policy = file.get();
        // What the reading of a policy leaves behind is not to be collected while its verification is timed.
        System.gc();
        double ofFirst = time(policy);
        double ofRemembered = time(policy);
        if (round >= 0) {
            first[round] = ofFirst;
            remembered[round] = ofRemembered;
        }
    }

    private double time(Policy policy) {
        long start = CPU.getCurrentThreadCpuTime();
        clients.forEach(client -> policy.accept(List.of(client)));
        return (CPU.getCurrentThreadCpuTime() - start) / 1e3 / clients.size();
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    /** Takes an empty folder. */
    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        List<Integer> numbers = List.of(1, MANY);
        List<Verifications> all = new ArrayList<>();
        for (int authorities : numbers) {
            all.add(new Verifications(Files.createDirectory(folder.resolve("" + authorities)), authorities));
        }
        for (int round = -WARM_UP; round < ROUNDS; round++) {
            for (Verifications one : all) {
                one.measure(round);
            }
        }
        for (int i = 0; i < numbers.size(); i++) {
            System.out.printf(
                    "| %d | %.1f | %.1f |%n", numbers.get(i), median(all.get(i).first), median(all.get(i).remembered));
        }
    }
}
