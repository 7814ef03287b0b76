package dev.tokenservice.bench;

import dev.tokenservice.identity.Attribute;
import dev.tokenservice.identity.ClientCertificate;
import dev.tokenservice.identity.ClientPrincipal;
import dev.tokenservice.identity.Names;
import dev.tokenservice.oauth.Issuer;
import dev.tokenservice.oauth.TokenRequest;
import dev.tokenservice.policy.Audiences;
import dev.tokenservice.policy.AuthenticatedRequest;
import dev.tokenservice.policy.ClientPolicy;
import dev.tokenservice.policy.Policy;
import dev.tokenservice.policy.PolicyContext;
import dev.tokenservice.policy.PolicyFile;
import dev.tokenservice.policy.RateLimits;
import dev.tokenservice.policy.RuleEnforcement;
import dev.tokenservice.telemetry.AuditTrail;
import dev.tokenservice.telemetry.ServiceMetrics;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Measures what the decision of a policy costs with 20 and with 1,000 rules, of which the last one allows: each with a pattern, a row of
 * a set of 100,000 rows, and an expression. Prints the rows of a table; each figure is a median of the CPU time, in microseconds.
 */
final class Decisions {

    private static final int ROWS = 100_000;
    private static final int WARM_UP = 30;
    private static final int ROUNDS = 41;
    private static final int REQUESTS = 500;
    private static final String ID = "spiffe://factory.example/line/last";

    private final Policy policy;
    private final ClientPolicy decisions;
    private final double[] times = new double[ROUNDS];

    private Decisions(Path folder, int rules) throws IOException {
        StringBuilder text = new StringBuilder("version: 1\nrelyingParties: {aws: {audience: aws}}\n")
                .append("sets: {devices: {file: devices.csv, key: id}}\nrules:\n");
        for (int i = 1; i < rules; i++) {
            text.append("  - {name: r%d, match: {spiffe: \"spiffe://factory.example/group%d/*\"}, deny: lost}%n"
                    .formatted(i, i));
        }
        text.append("  - {name: last, match: {spiffe: \"spiffe://factory.example/line/*\", in: {devices: client.id}}, ")
                .append("when: 'device.state == \"active\" && client.notAfter - now > duration(\"24h\")', ")
                .append("allow: {relyingParties: [aws], rateLimit: {tokens: 1000000, per: 1s}}}\n");
        policy = new PolicyFile(
                        Files.writeString(folder.resolve(rules + ".yml"), text), PolicyContext.NONE, Clock.systemUTC())
                .get();
        decisions = new ClientPolicy(
                new Audiences(Optional.empty(), Optional.of("aws"), List.of(), Optional.empty()),
                new RuleEnforcement(new RateLimits(System::nanoTime), Clock.systemUTC(), new ServiceMetrics()));
    }

    private void measure(int round) {
        List<AuthenticatedRequest> requests =
                Stream.generate(this::request).limit(REQUESTS).toList();
        long start = CpuTime.now();
        requests.forEach(decisions::decide);
        double time = CpuTime.microsecondsSince(start) / REQUESTS;
        if (round >= 0) {
            times[round] = time;
        }
    }

    private AuthenticatedRequest request() {
        ClientCertificate certificate = new ClientCertificate(
                Names.ofAlternatives(Attribute.of(List.of(ID)), Attribute.absent()),
                Optional.of("A".repeat(43)),
                Optional.of("01:02"),
                Optional.of(Instant.EPOCH),
                Optional.of(Instant.now().plusSeconds(1_000_000)),
                Set.of());
        TokenRequest asked = new TokenRequest(
                Optional.empty(), Optional.empty(), Optional.empty(), List.of(), Optional.empty(), false);
        return new AuthenticatedRequest(
                new ClientPrincipal(ID, "mtls", "default", certificate),
                asked,
                new Issuer("https://issuer.example", true),
                Optional.of(policy),
                new AuditTrail("r", InetAddress.getLoopbackAddress()));
    }

    /** Takes an empty folder. */
    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        StringBuilder rows =
                new StringBuilder("id,state,line,owner,site\n").append(ID).append(",active,seven,one,a\n");
        for (int i = 0; i < ROWS; i++) {
            rows.append("spiffe://f/%d,active-%012d,line-%015d,owner-%014d,site-%015d%n".formatted(i, i, i, i, i));
        }
        Files.writeString(folder.resolve("devices.csv"), rows);
        for (int rules : List.of(20, 1000)) {
            long start = CpuTime.now();
            Decisions one = new Decisions(folder, rules);
            double loading = CpuTime.microsecondsSince(start) / 1e3;
            for (int round = -WARM_UP; round < ROUNDS; round++) {
                one.measure(round);
            }
            System.out.printf("| %d | %.1f | %.0f |%n", rules, CpuTime.median(one.times), loading);
        }
    }
}
