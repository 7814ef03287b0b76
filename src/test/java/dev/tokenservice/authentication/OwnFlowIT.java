package dev.tokenservice.authentication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tokenservice.TokenServiceConfiguration;
import dev.tokenservice.configuration.ConfigurationModel;
import dev.tokenservice.configuration.ConfigurationPage;
import dev.tokenservice.configuration.NearMisses;
import dev.tokenservice.configuration.ServiceConfigurationFactory;
import dev.tokenservice.testing.Headers;
import dev.tokenservice.testing.TestService;
import dev.tokenservice.testing.TestToken;
import dev.tokenservice.testing.TestValidators;
import io.dropwizard.jackson.Jackson;
import jakarta.validation.constraints.Pattern;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A site adds a flow of its own, settings included, with what it puts on the class path, and with no change to the service. */
class OwnFlowIT {

    private static final String FLOW = """
            package site;

            import dev.tokenservice.authentication.*;
            import dev.tokenservice.configuration.*;
            import dev.tokenservice.identity.ClientCertificate;
            import dev.tokenservice.oauth.*;
            import jakarta.validation.constraints.Pattern;
            import java.util.*;

            @SettingsGroup("site")
            @Description("The flow site-client-credentials.")
            public final class Flow implements CertificateSource, CertificateSourceFactory {
                @Variable("SITE_CLIENT_HEADER")
                @Description("The header with the URI of the client.")
                @Pattern(regexp = HeaderName.REGEXP, message = HeaderName.ALLOWED)
                private String header = "X-Site-Client";

                @Override public String flow() { return "site-client-credentials"; }
                @Override public Set<String> headers() { return Set.of(header); }
                @Override public CertificateSource build() { return this; }
                @Override public Evidence evidence(IncomingRequest request) {
                    String uri = request.headers().single(header)
                        .orElseThrow(() -> Refusal.because(ReasonCode.NO_CERTIFICATE, "nobody was verified").exception());
                    return Evidence.summary(ClientCertificate.ofUris(List.of(uri), List.of(),
                        Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()));
                }
            }
            """;

    private final ClassLoader before = Thread.currentThread().getContextClassLoader();
    private URLClassLoader site;

    @TempDir
    Path folder;

    @BeforeEach
    void putOnTheClassPath() throws Exception {
        compile(Files.writeString(
                Files.createDirectories(folder.resolve("site")).resolve("Flow.java"), FLOW));
        Files.writeString(
                Files.createDirectories(folder.resolve("META-INF/services"))
                        .resolve(CertificateSourceFactory.class.getName()),
                "site.Flow\n");
        site = new URLClassLoader(new URL[] {folder.toUri().toURL()}, before);
        Thread.currentThread().setContextClassLoader(site);
    }

    @AfterEach
    void takeOff() throws Exception {
        Thread.currentThread().setContextClassLoader(before);
        site.close();
    }

    private void compile(Path source) throws URISyntaxException {
        String classPath = String.join(File.pathSeparator, placeOf(CertificateSource.class), placeOf(Pattern.class));
        int status = ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "-proc:none", "-cp", classPath, "-d", folder.toString(), source.toString());
        assertThat(status).isZero();
    }

    private static String placeOf(Class<?> type) throws URISyntaxException {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI())
                .toString();
    }

    @Test
    void token_flowOnTheClassPath_isIssuedAndNamesIt() {
        try (TestService service = TestService.start(Map.of("AUTH_FLOWS", "site-client-credentials"))) {
            Headers client = Headers.NONE.with("X-Site-Client", "spiffe://example.org/robot");
            TestToken token = TestToken.of(service, service.token(client));

            assertThat(token.claim("sub")).isEqualTo("spiffe://example.org/robot");
            assertThat(token.claims().path("amr").path(0).asText()).isEqualTo("site-client-credentials");
            assertThat(service.token(Headers.NONE).status()).isEqualTo(401);
        }
    }

    @Test
    void token_settingOfTheFlow_isThatOfItsVariable() {
        try (TestService service =
                TestService.start(Map.of("AUTH_FLOWS", "site-client-credentials", "SITE_CLIENT_HEADER", "X-Robot"))) {
            assertThat(service.token(Headers.NONE.with("X-Robot", "spiffe://example.org/robot"))
                            .status())
                    .isEqualTo(200);
            assertThat(service.token(Headers.NONE.with("X-Site-Client", "spiffe://example.org/robot"))
                            .status())
                    .isEqualTo(401);
        }
    }

    @Test
    void settingOfTheFlow_isValidatedAsEveryOther() {
        assertThatThrownBy(() -> read("", Map.of("SITE_CLIENT_HEADER", "a b")))
                .hasMessageContaining(
                        "authentication.site.header (SITE_CLIENT_HEADER): found 'a b', must be an HTTP header");
        assertThatThrownBy(() -> read("authentication: {site: {haeder: X-Robot, header: [1]}}", Map.of()))
                .hasMessageContaining(
                        "authentication.site.haeder: the key is unknown; the known keys here are [header]")
                .hasMessageContaining("authentication.site.header (SITE_CLIENT_HEADER): found '1', must be a text");
        assertThatThrownBy(() -> read("", Map.of("PROXY_SECRET_HEADER", "x_site_client")))
                .hasMessageContaining(
                        "authentication.proxy.secretHeader (PROXY_SECRET_HEADER): found " + "'x_site_client'");
        assertThat(new NearMisses(TokenServiceConfiguration.model().variables()).among(List.of("SITE_CLIENT_HEADERS")))
                .containsExactly(Map.entry("SITE_CLIENT_HEADERS", "SITE_CLIENT_HEADER"));
    }

    @Test
    void configurationPage_hasARowOfTheFlow() throws Exception {
        assertThat(ConfigurationPage.tables(TokenServiceConfiguration.model()))
                .contains(
                        "## `authentication.site`\n\nThe flow site-client-credentials.\n",
                        "| `authentication.site.header` | `SITE_CLIENT_HEADER` | `X-Site-Client` | an HTTP "
                                + "header name (RFC 9110 "
                                + "section 5.1), 1 to 128 characters | The header with the URI of the client. |");
    }

    private static void read(String yaml, Map<String, String> environment) throws Exception {
        ConfigurationModel<TokenServiceConfiguration> model = TokenServiceConfiguration.model();
        new ServiceConfigurationFactory<>(
                        model, TestValidators.SHARED.getValidator(), Jackson.newObjectMapper(), environment)
                .build(path -> new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)), "config.yml");
    }
}
