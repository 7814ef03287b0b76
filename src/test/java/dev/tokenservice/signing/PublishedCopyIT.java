package dev.tokenservice.signing;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import dev.tokenservice.TestCommandLine;
import dev.tokenservice.configuration.Overrides;
import dev.tokenservice.testing.Eventually;
import dev.tokenservice.testing.FileServer;
import dev.tokenservice.testing.Headers;
import dev.tokenservice.testing.Request;
import dev.tokenservice.testing.TestCertificates;
import dev.tokenservice.testing.TestClock;
import dev.tokenservice.testing.TestLoadBalancer;
import dev.tokenservice.testing.TestService;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Date;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A relying party that reaches the exported files, and never the service. Its library is not ours. */
class PublishedCopyIT {

    private static final Duration LEAD = Duration.ofDays(8);
    private static final Headers CLIENT = TestLoadBalancer.verified(TestCertificates.authority("Test CA")
            .client()
            .uri("spiffe://example.org/robot")
            .validFor(LEAD.multipliedBy(4))
            .issue());

    @TempDir
    Path folder;

    private final TestClock clock = new TestClock();

    @Test
    void rotation_withACopyOnAFileServer_tokensVerifyFromTheCopyAlone() throws Exception {
        Path keys = folder.resolve("keys");
        Path copy = Files.createDirectory(folder.resolve("public"));
        try (FileServer files = new FileServer(copy)) {
            Map<String, String> environment =
                    Map.of("SIGNING_KEYS", keys.toString(), "SIGNING_ALGORITHM", "ES256", "TOKEN_ISSUER", files.url());
            run(environment, "keys", "generate", keys.toString());
            run(environment, "issuer", "export", copy.toString());
            String[] rotate = {"keys", "rotate", keys.toString(), "--published", files.url() + "/.well-known/jwks.json"
            };
            try (TestService service = TestService.start(environment)) {
                String first = kid(files, service);

                move(service, LEAD);
                assertThat(run(environment, rotate)).contains("signs from");
                reload(service);
                String second = kid(files, service);

                move(service, LEAD.multipliedBy(2));
                assertThat(run(environment, rotate))
                        .contains("is not activated: the published copy does not have it yet");
                reload(service);
                assertThat(kid(files, service)).isEqualTo(second);

                run(environment, "issuer", "export", copy.toString());
                assertThat(run(environment, rotate)).contains("signs from");
                reload(service);
                assertThat(kid(files, service)).isNotIn(first, second);
            }
        }
    }

    private String run(Map<String, String> environment, String... command) {
        TestCommandLine ended = TestCommandLine.run(Overrides.of(environment), clock, command);
        assertThat(ended.status()).as(ended.errors()).isZero();
        return ended.output();
    }

    private void move(TestService service, Duration ahead) {
        clock.ahead(ahead);
        service.clock().ahead(ahead);
    }

    private static void reload(TestService service) {
        Eventually.within(
                Duration.ofSeconds(10),
                200,
                () -> service.sendToAdmin(Request.post("/tasks/reload")).status());
    }

    /** The key of a token that the library verifies, as it begins with the issuer only. */
    private String kid(FileServer files, TestService service) throws Exception {
        Map<String, Object> discovery = JSONObjectUtils.parse(new DefaultResourceRetriever()
                .retrieveResource(url(files.url() + "/.well-known/openid-configuration"))
                .getContent());
        DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
        processor.setJWSKeySelector(new JWSVerificationKeySelector<>(
                JWSAlgorithm.parse(JSONObjectUtils.getStringList(discovery, "id_token_signing_alg_values_supported")
                        .get(0)),
                JWKSourceBuilder.create(url(JSONObjectUtils.getString(discovery, "jwks_uri")))
                        .build()));
        processor.setJWTClaimsSetVerifier(
                new DefaultJWTClaimsVerifier<>(
                        new JWTClaimsSet.Builder().issuer(files.url()).build(), Set.of("sub", "exp")) {
                    @Override
                    protected Date currentTime() {
                        return Date.from(clock.instant());
                    }
                });
        String token = service.token(CLIENT).text("id_token");
        assertThat(processor.process(token, null).getSubject()).isEqualTo("spiffe://example.org/robot");
        return SignedJWT.parse(token).getHeader().getKeyID();
    }

    private static URL url(String address) throws Exception {
        return URI.create(address).toURL();
    }
}
