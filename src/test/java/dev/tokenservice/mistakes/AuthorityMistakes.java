package dev.tokenservice.mistakes;

import dev.tokenservice.testing.Headers;
import dev.tokenservice.testing.TestAuthority;
import dev.tokenservice.testing.TestListServer;
import dev.tokenservice.testing.TestService;
import dev.tokenservice.testing.TlsClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Mistakes for which the authorities of a policy refuse certificates. */
final class AuthorityMistakes {

    private static final String CLIENT = "spiffe://example.com/widget/7";

    private final TestAuthority root = TestAuthority.root("Widgets Root CA");
    private final Path folder;

    AuthorityMistakes(Path folder) {
        this.folder = folder.resolve("authorities");
    }

    Stream<Mistake> all() {
        return Stream.of(
                new Mistake("Name that the authority may not give", () -> asked("trustDomains: [example.org]")),
                new Mistake(
                        "Client id from a name that the certificate lacks",
                        () -> asked("trustDomains: [example.com], clientId: \"{client.dns}\"")),
                new Mistake("Summary beside authorities", this::summary),
                new Mistake("Revocation list out of date", this::outOfDate));
    }

    private Map<String, String> variables(String authority) {
        try {
            Files.createDirectories(folder);
            Map<String, String> variables = new HashMap<>(root.tlsVariables(folder));
            variables.remove("MTLS_TRUST_BUNDLE");
            Path policy = Files.writeString(
                    folder.resolve("policy.yml"),
                    "version: 1\nauthorities: {widgets: {trustBundle: clients.crt, " + authority
                            + "}}\nrules: allow-all\n");
            variables.put("POLICY", policy.toString());
            return variables;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Symptoms asked(String authority) {
        try (TestService service = TestService.start(variables(authority))) {
            return asked(service);
        }
    }

    private Symptoms asked(TestService service) {
        return Scene.asked(() -> TlsClient.of(root.certificate(), Optional.of(root.client(CLIENT)))
                .token(service.tlsPort(), Headers.NONE));
    }

    private Symptoms summary() {
        Map<String, String> variables = variables("trustDomains: [example.com]");
        variables.put("AUTH_FLOWS", "envoy-mtls-client-credentials");
        try (TestService service = TestService.start(variables)) {
            Headers summary = Headers.NONE.and("X-Forwarded-Client-Cert", "Hash=" + "0a".repeat(32) + ";URI=" + CLIENT);
            return Scene.asked(service, TestService.tokenRequest(summary));
        }
    }

    private Symptoms outOfDate() {
        try (TestListServer server = TestListServer.start()) {
            server.publish("/ca.crl", root.revoke(Duration.ofDays(30)));
            Map<String, String> variables = variables(
                    "crl: {fetch: [\"" + server.url("/ca.crl") + "\"], every: 1h, maxStaleness: 2h, onStale: refuse}");
            try (TestService service = TestService.start(variables)) {
                server.answer("/ca.crl", TestListServer.Reply.of(500));
                service.clock().ahead(Duration.ofHours(3));
                return asked(service);
            }
        }
    }
}
