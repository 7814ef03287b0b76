package dev.tokenservice.bench;

import dev.tokenservice.cryptography.NativeCryptography;
import dev.tokenservice.policy.Policy;
import dev.tokenservice.policy.PolicyContext;
import dev.tokenservice.policy.PolicyFile;
import dev.tokenservice.testing.TestAuthority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Measures what the verification of a client certificate costs with one authority and with a hundred: each certificate for the first
 * time, and again while it is remembered. Prints the rows of a table; each figure is a median, in microseconds of CPU time.
 */
final class Verifications {

    private static final int MANY = 100;
    private static final int CLIENTS = 100;
    private static final int WARM_UP = 20;
    private static final int ROUNDS = 21;

    private final TestAuthority asked = TestAuthority.root("Root");
    private final String trustDomain;
    private final PolicyFile file;
    private final double[] first = new double[ROUNDS];
    private final double[] remembered = new double[ROUNDS];

    private Verifications(Path folder, int authorities) throws IOException {
        StringBuilder text = new StringBuilder("version: 1\nauthorities:\n");
        for (int i = 0; i < authorities; i++) {
            TestAuthority authority = i == authorities / 2 ? asked : TestAuthority.root("Root " + i);
            TestAuthority.write(folder.resolve(i + ".pem"), authority.certificate());
            text.append("  a%d: {trustBundle: %d.pem, trustDomains: [a%d.example]}%n".formatted(i, i, i));
        }
        text.append("rules: allow-all\n");
        trustDomain = "spiffe://a" + authorities / 2 + ".example/";
        file = new PolicyFile(
                Files.writeString(folder.resolve("policy.yml"), text), PolicyContext.NONE, Clock.systemUTC());
    }

    private void measure(int round) {
        Policy policy = file.get();
        // Others each time: the JDK's certificates remember who has verified their signature.
        List<X509Certificate> clients = IntStream.range(0, CLIENTS)
                .mapToObj(i -> asked.client(trustDomain + i).certificate())
                .toList();
        // What the reading of a policy leaves behind is not to be collected while its verification is timed.
        System.gc();
        double ofFirst = time(policy, clients);
        double ofRemembered = time(policy, clients);
        if (round >= 0) {
            first[round] = ofFirst;
            remembered[round] = ofRemembered;
        }
    }

    private static double time(Policy policy, List<X509Certificate> clients) {
        long start = CpuTime.now();
        clients.forEach(client -> policy.accept(List.of(client)));
        return CpuTime.microsecondsSince(start) / clients.size();
    }

    /** Takes an empty folder. */
    public static void main(String[] arguments) throws IOException {
        new NativeCryptography().useEverywhere();
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
                    "| %d | %.1f | %.1f |%n",
                    numbers.get(i), CpuTime.median(all.get(i).first), CpuTime.median(all.get(i).remembered));
        }
    }
}
