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
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Mistakes with revocation lists that the service fetches. */
final class RevocationMistakes {

    private final TestAuthority root = TestAuthority.root("Widgets Root CA");
    private final Path folder;

    RevocationMistakes(Path folder) {
        this.folder = folder;
    }

    Stream<Mistake> all() {
        return Stream.of(
                new Mistake("Revocation list that cannot be fetched", () -> made("/nowhere.crl")),
                new Mistake("Revocation list of another CA", () -> made("/ca.crl")));
    }

    private Symptoms made(String path) {
        try (TestListServer server = TestListServer.start()) {
            server.publish("/ca.crl", TestAuthority.root("Widgets Root CA").revoke(Duration.ofDays(1)));
            Map<String, String> variables = new HashMap<>(root.tlsVariables(folder));
            variables.remove("MTLS_TRUST_BUNDLE");
            variables.put("POLICY", policy(server.url(path)).toString());
            Symptoms symptoms = Scene.asked(() -> {
                try (TestService service = TestService.start(variables)) {
                    return TlsClient.of(root.certificate(), Optional.of(root.client("spiffe://example.com/widget/7")))
                            .token(service.tlsPort(), Headers.NONE);
                }
            });
            return Scene.withDoctor(symptoms, variables, Clock.systemUTC());
        }
    }

    private Path policy(String url) {
        try {
            return Files.writeString(
                    folder.resolve("fetching.yml"),
                    "version: 1\nauthorities: {widgets: {trustBundle: clients.crt, crl: {fetch: [\"" + url
                            + "\"]}}}\nrules: allow-all\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
