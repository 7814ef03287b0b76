package dev.tokenservice.mistakes;

import dev.tokenservice.testing.Headers;
import dev.tokenservice.testing.TestAuthority;
import dev.tokenservice.testing.TestCertificates;
import dev.tokenservice.testing.TestLoadBalancer;
import dev.tokenservice.testing.TestService;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/** Mistakes in a policy: those that keep the service from starting, and those for which its rules refuse clients. */
final class PolicyMistakes implements AutoCloseable {

    private static final String READ_ONLY = "https://www.googleapis.com/auth/devstorage.read_only";

    private static final String POLICY = """
            version: 1
            relyingParties:
              google: {profile: google, subject: "robots/{client.id}"}
              aws:
                profile: aws
                audience: sts.amazonaws.com
                claims:
                  https://aws.amazon.com/tags: '{"principal_tags": {"line": [device.line]}, "transitive_tag_keys": ["line"]}'
              billing: {audience: billing, subject: "{client.id}#{client.ou}"}
              archive: {audience: archive, subject: "{client.id}:{client.authority}"}
              reports: {audience: reports, claims: {team: client.ou}}
              tagged:
                profile: aws
                audience: tagged
                claims: {"https://aws.amazon.com/tags": '{"line": "one"}'}
              stock: {audience: stock, subject: "{client.id}#{device.line}"}
            sets:
              devices: {file: devices.csv, key: id}
            rules:
              - name: guests
                match: {spiffe: "spiffe://example.com/guest/*", email: "*@guests.example.com"}
                deny: guests get no tokens
              - name: lost
                match: {in: {devices: client.id}}
                when: device.state == "lost"
                deny: the device was reported lost
              - name: broken
                match: {spiffe: "spiffe://example.com/broken"}
                when: client.cn == "robot"
                allow: {relyingParties: [google]}
              - name: limited
                match: {spiffe: "spiffe://example.com/limited"}
                allow: {relyingParties: [google], rateLimit: {tokens: 1, per: 1h}}
              - name: devices
                match: {in: {devices: client.id}}
                allow: {relyingParties: [aws, stock]}
              - name: robots
                match: {spiffe: "spiffe://example.com/robot/*"}
                allow: {relyingParties: [google, billing, archive, reports, tagged], scopes: ["https://www.googleapis.com/auth/pubsub"]}
            """;

    private final Path folder;
    private final TestService service;

    PolicyMistakes(Path folder) throws IOException {
        this.folder = Files.createDirectories(folder.resolve("policy"));
        Files.writeString(
                this.folder.resolve("devices.csv"),
                "id,state,line\nspiffe://example.com/lost,lost,one\nspiffe://example.com/idle,active,\n"
                        + "spiffe://example.com/long,active," + "x".repeat(257) + "\n");
        TestAuthority.write(
                this.folder.resolve("fronts.pem"),
                TestAuthority.root("Fronts CA").certificate());
        this.service = TestService.start(variables(POLICY));
    }

    private Map<String, String> variables(String policy, String... others) {
        Map<String, String> variables = new HashMap<>(Map.of(
                "TOKEN_ISSUER", "https://token-service.example.com",
                "WORKLOAD_IDENTITY_PROJECT_NUMBER", "123456789012",
                "WORKLOAD_IDENTITY_POOL_ID", "widgets",
                "WORKLOAD_IDENTITY_PROVIDER_ID", "token-service",
                "REFUSALS_PER_CLIENT", "0"));
        try {
            Path file = Files.createTempFile(folder, "policy", ".yml");
            variables.put("POLICY", Files.writeString(file, policy).toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        for (int i = 0; i < others.length; i += 2) {
            variables.put(others[i], others[i + 1]);
        }
        return variables;
    }

    Stream<Mistake> all() {
        return Stream.concat(refusedStarts(), refusedRequests());
    }

    private Stream<Mistake> refusedStarts() {
        String allowAll = "version: 1\nrules: allow-all\n";
        String parties = "version: 1\nrelyingParties: {aws: {audience: a}}\nrules: allow-all\n";
        return Stream.of(
                refused("Mistake in the policy", allowAll + "relyingparties: {}\n"),
                refused(
                        "Policy file missing",
                        allowAll,
                        "POLICY",
                        folder.resolve("missing.yml").toString()),
                refused("Policy and a setting that say the same", parties, "TOKEN_AUDIENCES", "b"),
                refused("Default audience of no relying party", parties, "TOKEN_AUDIENCE", "b"),
                refused(
                        "Relying party without a key",
                        "version: 1\nrelyingParties: {entra: {profile: entra, audience: a}}\nrules: allow-all\n",
                        "SIGNING_ALGORITHM",
                        "ES256",
                        "TOKEN_AUDIENCE",
                        "a"),
                refused(
                        "Issuer that a relying party does not accept",
                        "version: 1\nrelyingParties: {aws: {profile: aws, audience: a}}\nrules: allow-all\n",
                        "TOKEN_ISSUER",
                        "https://token-service.example.com:8443",
                        "TOKEN_AUDIENCE",
                        "a"),
                refused("Proxies without the TLS port", """
                        version: 1
                        authorities: {fronts: {trustBundle: fronts.pem, dnsSuffixes: [.example.com]}}
                        proxies: {authority: fronts, names: [lb.example.com]}
                        rules: allow-all
                        """));
    }

    private Stream<Mistake> refusedRequests() {
        return Stream.of(
                asked("Unknown relying party", "robot/7", "relying_party", "gcp"),
                asked("Relying party named twice", "robot/7", "relying_party", "google", "audience", "billing"),
                asked("No rule for the client", "widget/7"),
                asked("Client that a rule denies", "lost"),
                asked("Relying party that the rule does not allow", "robot/7", "relying_party", "aws"),
                asked("Scope that the rule does not allow", "robot/7", "scope", READ_ONLY),
                asked(
                        "Service account that the rule does not allow",
                        "robot/7",
                        "scope",
                        "https://www.googleapis.com/auth/pubsub",
                        "service_account",
                        "reader@project.iam.gserviceaccount.com"),
                asked("Rule that fails", "broken"),
                asked("Rule that denies for want of evidence", "guest/7"),
                new Mistake("Rate of the rule used up", () -> {
                    service.token(client("limited"));
                    return Scene.asked(service, TestService.tokenRequest(client("limited")));
                }),
                asked("Subject from a name that the certificate lacks", "robot/7", "relying_party", "billing"),
                asked("Subject from an empty column", "idle", "relying_party", "stock"),
                asked("Claim that fails", "robot/7", "relying_party", "reports"),
                asked("Subject whose separator is in a name", "robot/7", "relying_party", "archive"),
                asked("Subject longer than the relying party accepts", "robot/" + "x".repeat(95)),
                asked("Session tags of another form", "robot/7", "relying_party", "tagged"),
                asked("Session tag longer than AWS accepts", "long", "relying_party", "aws"));
    }

    private Mistake refused(String title, String policy, String... variables) {
        return new Mistake(title, () -> Scene.refusedStart(variables(policy, variables)));
    }

    private Mistake asked(String title, String path, String... parameters) {
        return new Mistake(title, () -> Scene.asked(service, TestService.tokenRequest(client(path), parameters)));
    }

    private static Headers client(String path) {
        return TestLoadBalancer.verified(TestCertificates.authority("Widgets CA")
                .client()
                .uri("spiffe://example.com/" + path)
                .issue());
    }

    @Override
    public void close() {
        service.close();
    }
}
