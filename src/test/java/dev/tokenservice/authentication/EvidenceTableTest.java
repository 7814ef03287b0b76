package dev.tokenservice.authentication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.tokenservice.TokenServiceConfiguration;
import dev.tokenservice.configuration.Platform;
import dev.tokenservice.configuration.ServiceConfigurationFactory;
import dev.tokenservice.files.WatchedFiles;
import dev.tokenservice.oauth.OAuthError;
import dev.tokenservice.oauth.RefusedException;
import dev.tokenservice.policy.Audiences;
import dev.tokenservice.policy.TokenSettings;
import dev.tokenservice.telemetry.AuditTrail;
import dev.tokenservice.testing.SiteFlow;
import dev.tokenservice.testing.TestAuthority;
import dev.tokenservice.testing.TestValidators;
import io.dropwizard.configuration.ConfigurationException;
import io.dropwizard.jackson.Jackson;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Which evidence is believed, with which trust bundle and which MTLS_VERIFY_FORWARDED: the same for every flow that there is,
 * and for one of a site's own, from the variables to the principal.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EvidenceTableTest {

    private static final String ID = "spiffe://example.org/robot";
    private static final List<String> BUNDLES = List.of("none", "ours", "another's");
    private static final List<String> SETTINGS = List.of("unset", "true", "false");

    /**
     * For each bundle three columns: MTLS_VERIFY_FORWARDED is unset, true, false. Where there is an x, no flow may start.
     */
    private static final Map<Evidence.Kind, String> BELIEVED = Map.of(
            Evidence.Kind.OF_CONNECTION, "- x -   y y y   - - -",
            Evidence.Kind.VOUCHED_FOR, "y x y   y y y   - - y",
            Evidence.Kind.UNVERIFIED, "- x -   y y -   - - -",
            Evidence.Kind.SUMMARY, "y x y   - - y   - - y");

    private final TestAuthority root = TestAuthority.root("Root CA");
    private ClassLoader before;
    private URLClassLoader site;
    private Path folder;
    private Map<String, String> bundles;

    @BeforeAll
    void addFlowOfASite(@TempDir Path files) throws IOException {
        folder = files;
        Path services = Files.createDirectories(folder.resolve("META-INF/services"));
        Files.writeString(services.resolve(CertificateSourceFactory.class.getName()), SiteFlow.class.getName());
        before = Thread.currentThread().getContextClassLoader();
        site = new URLClassLoader(new URL[] {folder.toUri().toURL()}, before);
        Thread.currentThread().setContextClassLoader(site);
        bundles = Map.of(
                "ours", bundle("ours.crt", root), "another's", bundle("others.crt", TestAuthority.root("Root CA")));
    }

    private String bundle(String name, TestAuthority authority) {
        return TestAuthority.write(folder.resolve(name), authority.certificate())
                .toString();
    }

    @AfterAll
    void removeFlowOfASite() throws IOException {
        Thread.currentThread().setContextClassLoader(before);
        site.close();
    }

    @ParameterizedTest(name = "{0}, bundle {1}, MTLS_VERIFY_FORWARDED {2}, beside the TLS flow: {3}")
    @MethodSource("table")
    void evidence_isBelievedAsTheTableSays(EvidenceSample sample, String bundle, String setting, boolean besideTls)
            throws IOException {
        Map<String, String> variables = variables(sample, bundle, besideTls);
        if (!setting.equals("unset")) {
            variables.put("MTLS_VERIFY_FORWARDED", setting);
        }
        String row = Objects.requireNonNull(BELIEVED.get(sample.kind()));
        String expected = row.split(" +", -1)[BUNDLES.indexOf(bundle) * SETTINGS.size() + SETTINGS.indexOf(setting)];

        String outcome = outcome(sample, variables);

        assertThat(outcome.equals("believed")).as(outcome).isEqualTo(expected.equals("y"));
        if (expected.equals("x")) {
            assertThat(outcome).contains("authentication.tls.trustBundle", "MTLS_VERIFY_FORWARDED is true");
        }
        if (besideTls && sample.kind() == Evidence.Kind.SUMMARY && expected.equals("-")) {
            assertThat(outcome)
                    .isEqualTo(
                            "refused: the client certificate cannot be verified: the proxy forwards only a summary of it");
        }
    }

    Stream<Arguments> table() {
        return EvidenceSample.of(root.client(ID).certificate(), ID).stream().flatMap(this::rows);
    }

    private Stream<Arguments> rows(EvidenceSample sample) {
        return BUNDLES.stream()
                .flatMap(bundle -> SETTINGS.stream()
                        .flatMap(setting -> Stream.of(false, true)
                                .filter(besideTls -> !besideTls || (!bundle.equals("none") && setting.equals("unset")))
                                .map(besideTls -> arguments(sample, bundle, setting, besideTls))));
    }

    @ParameterizedTest
    @CsvSource({
        "mtls-client-credentials, OF_CONNECTION, none, authentication.tls.certificate (MTLS_CERTIFICATE): must be set",
        "xlb-mtls-client-credentials, SUMMARY, ours, authentication.verifyForwarded (MTLS_VERIFY_FORWARDED): must be false",
        "pem-mtls-client-credentials, UNVERIFIED, none, authentication.tls.trustBundle (MTLS_TRUST_BUNDLE): must be set",
    })
    void start_thatWouldRefuseEveryClient_isRefused(String flow, Evidence.Kind kind, String bundle, String problem)
            throws IOException {
        for (EvidenceSample sample : EvidenceSample.of(root.client(ID).certificate(), ID)) {
            if (sample.flow().equals(flow) && sample.kind() == kind) {
                assertThat(outcome(sample, variables(sample, bundle, false)))
                        .startsWith("start refused")
                        .contains(problem, flow);
            }
        }
    }

    @Test
    void start_withoutTheVerificationThatOnlyThisServiceCanDo_isRefused() throws IOException {
        EvidenceSample sample = EvidenceSample.of(root.client(ID).certificate(), ID).stream()
                .filter(one ->
                        one.flow().equals("pem-mtls-client-credentials") && one.kind() == Evidence.Kind.UNVERIFIED)
                .findFirst()
                .orElseThrow();
        Map<String, String> variables = variables(sample, "ours", false);
        variables.put("MTLS_VERIFY_FORWARDED", "false");

        assertThat(outcome(sample, variables))
                .startsWith("start refused")
                .contains("authentication.verifyForwarded (MTLS_VERIFY_FORWARDED): found 'false', must be true");
    }

    @Test
    void samples_areOfEveryFlow() {
        Set<String> flows = ServiceLoader.load(CertificateSourceFactory.class).stream()
                .map(provider -> provider.get().flow())
                .collect(Collectors.toSet());

        assertThat(flows).contains(SiteFlow.NAME);
        assertThat(table().map(row -> ((EvidenceSample) row.get()[0]).flow())).containsAll(flows);
    }

    private Map<String, String> variables(EvidenceSample sample, String bundle, boolean besideTls) {
        Map<String, String> variables = new HashMap<>(sample.variables());
        variables.put("TRUSTED_PROXIES", "any");
        variables.put("AUTH_FLOWS", sample.flow());
        if (bundles.containsKey(bundle)) {
            variables.put("MTLS_TRUST_BUNDLE", bundles.get(bundle));
            if (besideTls || sample.flow().equals(EvidenceSample.TLS)) {
                variables.put("MTLS_CERTIFICATE", "server.crt");
                variables.put(
                        "AUTH_FLOWS",
                        Stream.of(sample.flow(), EvidenceSample.TLS).distinct().collect(Collectors.joining(",")));
            }
        }
        return variables;
    }

    /** From the variables to the principal, without a server. */
    private static String outcome(EvidenceSample sample, Map<String, String> variables) throws IOException {
        try {
            ClientAuthentication clients = clients(variables);
            IncomingRequest request = new IncomingRequest(headers(sample), sample.connection());
            VerifiedClient verified = clients.verify(
                    clients.choose(request),
                    new AuditTrail("r-1", sample.connection().peer()));
            assertThat(clients.authenticator().authenticate(verified)).hasValueSatisfying(client -> {
                assertThat(client.clientId()).isEqualTo(ID);
                assertThat(client.flow()).isEqualTo(sample.flow());
            });
            return "believed";
        } catch (ConfigurationException e) {
            return "start refused: " + e.getMessage();
        } catch (RefusedException e) {
            assertThat(e.refusal().error()).isEqualTo(OAuthError.INVALID_CLIENT);
            return "refused: " + e.refusal().description();
        }
    }

    private static ClientAuthentication clients(Map<String, String> variables)
            throws IOException, ConfigurationException {
        return new ServiceConfigurationFactory<>(
                        TokenServiceConfiguration.model(),
                        TestValidators.SHARED.getValidator(),
                        Jackson.newObjectMapper(),
                        variables)
                .build(path -> InputStream.nullInputStream(), "none")
                .sections()
                .authentication()
                .build(
                        new TokenSettings(
                                new Audiences(Optional.empty(), Optional.empty(), List.of(), Optional.empty()),
                                Optional.empty(),
                                "RS256",
                                List::of,
                                false),
                        new WatchedFiles(Clock.systemUTC()),
                        Clock.systemUTC(),
                        Platform.of(variables))
                .clients();
    }

    private static RequestHeaders headers(EvidenceSample sample) {
        return new RequestHeaders(
                sample.headers().all().stream().map(header -> Map.entry(header.name(), header.value())));
    }
}
