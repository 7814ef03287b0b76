package dev.tokenservice.authentication;

import dev.tokenservice.testing.Headers;
import dev.tokenservice.testing.Http;
import dev.tokenservice.testing.Response;
import dev.tokenservice.testing.TestAuthority;
import dev.tokenservice.testing.TestAuthority.Identity;
import dev.tokenservice.testing.TestService;
import dev.tokenservice.testing.TlsClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLSocket;

/** A folder with a policy and the bundles of two authorities of one name, and services that read it. */
final class PolicyFolder {

    static final String OWN = "spiffe://factory.example/robot/7";
    static final String FOREIGN = "spiffe://office.example/admin";
    static final String TWO = """
            version: 1
            authorities:
              factory: {trustBundle: factory.pem, trustDomains: [factory.example], dnsSuffixes: [.factory.example]}
              office: {trustBundle: office.pem, trustDomains: [office.example]}
            rules: allow-all
            """;

    final TestAuthority factory = TestAuthority.root("Root CA");
    final TestAuthority office = TestAuthority.root("Root CA");
    private final Path folder;

    PolicyFolder(Path folder) {
        this.folder = folder;
        reset();
        Identity server = office.server();
        TestAuthority.write(folder.resolve("tls.crt"), server.certificate());
        TestAuthority.write(folder.resolve("tls.key"), server.key());
    }

    /** Writes the policy and the bundles as they were at first. */
    void reset() {
        write(TWO);
        TestAuthority.write(folder.resolve("factory.pem"), factory.certificate());
        TestAuthority.write(folder.resolve("office.pem"), office.certificate());
    }

    Path policy() {
        return folder.resolve("policy.yml");
    }

    /** Replaces the policy. */
    void write(String text) {
        try {
            Path draft = Files.writeString(folder.resolve("policy.new"), text);
            Files.move(draft, policy(), StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The variables of the TLS port. */
    Map<String, String> tlsVariables() {
        return new HashMap<>(Map.of(
                "AUTH_FLOWS", "mtls-client-credentials",
                "MTLS_PORT", "0",
                "MTLS_CERTIFICATE", folder.resolve("tls.crt").toString(),
                "MTLS_PRIVATE_KEY", folder.resolve("tls.key").toString(),
                "POLICY", policy().toString()));
    }

    TestService start(Map<String, String> variables) {
        Map<String, String> all = new HashMap<>(variables);
        all.putIfAbsent("POLICY", policy().toString());
        return TestService.start(all);
    }

    TestService startTls() {
        return start(tlsVariables());
    }

    TlsClient tls(Identity client) {
        return TlsClient.of(office.certificate(), Optional.of(client));
    }

    Response token(TestService service, Identity client) {
        return tls(client).token(service.tlsPort(), Headers.NONE);
    }

    /** The status of one more token request on a connection that stays open. */
    static int keptAlive(TestService service, SSLSocket socket, Headers headers) {
        try {
            socket.getOutputStream().write(TestService.tokenRequest(headers).bytes(service.tlsPort(), "keep-alive"));
            return Http.read(socket.getInputStream(), "POST").status();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
