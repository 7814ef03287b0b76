package dev.tokenservice.authentication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenservice.testing.Headers;
import dev.tokenservice.testing.TestService;
import dev.tokenservice.testing.TestToken;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A site adds a flow of its own with what it puts on the class path, and with no change to the service. */
class OwnFlowIT {

    private static final String FLOW = """
            package site;

            import dev.tokenservice.identity.ClientCertificate;
            import dev.tokenservice.authentication.*;
            import dev.tokenservice.oauth.*;
            import java.util.*;

            public final class Flow implements CertificateSource, CertificateSourceFactory {
                @Override public String flow() { return "site-client-credentials"; }
                @Override public Set<String> headers(HeaderNames names) { return Set.of("X-Site-Client"); }
                @Override public CertificateSource build(SourceSettings settings) { return this; }
                @Override public ClientCertificate certificate(IncomingRequest request) {
                    String uri = request.headers().single("X-Site-Client")
                        .orElseThrow(() -> OAuthException.of(OAuthError.INVALID_CLIENT, "nobody was verified"));
                    return ClientCertificate.ofUris(List.of(uri), List.of(),
                        Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
                }
            }
            """;

    @TempDir
    Path folder;

    @Test
    void token_flowOnTheClassPath_isIssuedAndNamesIt() throws Exception {
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        try (URLClassLoader site =
                new URLClassLoader(new URL[] {compiled().toUri().toURL()}, before)) {
            Thread.currentThread().setContextClassLoader(site);
            try (TestService service = TestService.start(Map.of("AUTH_FLOWS", "site-client-credentials"))) {
                Headers client = Headers.NONE.with("X-Site-Client", "spiffe://example.org/robot");
                TestToken token = TestToken.of(service, service.token(client));

                assertThat(token.claim("sub")).isEqualTo("spiffe://example.org/robot");
                assertThat(token.claims().path("amr").path(0).asText()).isEqualTo("site-client-credentials");
                assertThat(service.token(Headers.NONE).status()).isEqualTo(401);
            }
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
    }

    private Path compiled() throws Exception {
        Path source = Files.writeString(
                Files.createDirectories(folder.resolve("site")).resolve("Flow.java"), FLOW);
        int status = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        null,
                        null,
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-d",
                        folder.toString(),
                        source.toString());
        assertThat(status).isZero();
        Path services = Files.createDirectories(folder.resolve("META-INF/services"));
        Files.writeString(services.resolve("dev.tokenservice.authentication.CertificateSourceFactory"), "site.Flow\n");
        return folder;
    }
}
