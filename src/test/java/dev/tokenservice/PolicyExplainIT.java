package dev.tokenservice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.tokenservice.testing.Headers;
import dev.tokenservice.testing.TestAuthority;
import dev.tokenservice.testing.TestAuthority.Identity;
import dev.tokenservice.testing.TestLog;
import dev.tokenservice.testing.TestService;
import dev.tokenservice.testing.TlsClient;
import dev.tokenservice.x509.CertificateAttributes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code policy explain} gives the reason for which a service with the same policy refuses the same certificate. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PolicyExplainIT {

    private static final String POLICY = """
            version: 1
            authorities:
              factory:
                trustBundle: factory.pem
                revocationLists: [factory.crl]
                trustDomains: [factory.example]
                dnsSuffixes: [.factory.example]
              office: {trustBundle: office.pem, trustDomains: [office.example]}
            rules: allow-all
            """;

    private static final String ID = "spiffe://factory.example/robot";

    private final TestAuthority factory = TestAuthority.root("Factory CA");
    private final TestAuthority office = TestAuthority.root("Office CA");
    private final Identity denied = factory.client(ID);
    private final Identity revoked = factory.client(ID);
    private final TestAuthority intermediate = factory.intermediate("Line CA", 3);
    private Path folder;
    private TestService service;

    @BeforeAll
    void start(@TempDir Path temporary) throws IOException {
        folder = temporary;
        Files.writeString(folder.resolve("policy.yml"), POLICY);
        write("factory.pem", factory.certificate(), intermediate.certificate());
        write("office.pem", office.certificate());
        write("factory.crl", factory.revoke(Duration.ofDays(1), revoked.certificate()));
        Files.writeString(folder.resolve("denied"), CertificateAttributes.sha256(denied.certificate()) + "\n");
        Identity server = factory.server();
        Map<String, String> variables = new HashMap<>(Map.of(
                "AUTH_FLOWS", "mtls-client-credentials",
                "MTLS_PORT", "0",
                "MTLS_CERTIFICATE", write("tls.crt", server.certificate()),
                "MTLS_PRIVATE_KEY", write("tls.key", server.key()),
                "REFUSALS_PER_CLIENT", "0",
                "POLICY", folder.resolve("policy.yml").toString(),
                "DENIED_CERTIFICATES", folder.resolve("denied").toString()));
        service = TestService.start(variables);
    }

    @AfterAll
    void stop() {
        service.close();
    }

    private String write(String name, Object... objects) {
        return TestAuthority.write(folder.resolve(name), objects).toString();
    }

    Stream<Arguments> certificates() {
        Instant now = Instant.now();
        TestAuthority constrained = office.intermediate(
                "Narrow CA",
                content -> content.authority(0)
                        .extension(
                                Extension.nameConstraints,
                                true,
                                new NameConstraints(
                                        new GeneralSubtree[] {
                                            new GeneralSubtree(new GeneralName(
                                                    GeneralName.uniformResourceIdentifier, "other.example"))
                                        },
                                        null)));
        TestAuthority stale = office.intermediate(
                "Old CA", content -> content.authority(0).valid(now.minusSeconds(9000), now.minusSeconds(60)));
        TestAuthority deep = office;
        X509Certificate[] chain = new X509Certificate[5];
        for (int i = 0; i < chain.length; i++) {
            deep = deep.intermediate("Level " + i, -1);
            chain[i] = deep.certificate();
        }
        String officeId = "spiffe://office.example/clerk";
        return Stream.of(
                arguments(
                        "expired",
                        client(now.minusSeconds(900), now.minusSeconds(10)),
                        "expired",
                        "the certificate is valid until"),
                arguments("almost", client(now.minusSeconds(900), now.plusSeconds(20)), "expired", "within 60 seconds"),
                arguments("early", client(now.plusSeconds(900), now.plusSeconds(9000)), "not_yet_valid", "valid from"),
                arguments(
                        "server",
                        factory.leaf("s")
                                .uri(ID)
                                .purposes(KeyPurposeId.id_kp_serverAuth)
                                .issue(),
                        "wrong_purpose",
                        "extended key usage"),
                arguments(
                        "authority",
                        factory.leaf("s").uri(ID).authority(0).issue(),
                        "wrong_purpose",
                        "certificate of an authority"),
                arguments("stranger", TestAuthority.root("Nobody CA").client(ID), "untrusted", "CN=Nobody CA"),
                arguments("namesake", TestAuthority.root("Factory CA").client(ID), "untrusted", "another key"),
                arguments(
                        "constrained",
                        constrained.client(officeId).with(constrained.certificate()),
                        "constraint",
                        "name constraints"),
                arguments(
                        "stale",
                        stale.client(officeId).with(stale.certificate()),
                        "expired",
                        "an intermediate, CN=Old CA"),
                arguments("revoked", revoked, "revoked", "the revocation list of CN=Factory CA names"),
                arguments("no list", intermediate.client(ID), "revocation_unknown", "CN=Line CA"),
                arguments("weak", factory.leaf("w").uri(ID).rsa(1024).issue(), "weak", "fewer than 2048 bits"),
                arguments("deep", deep.client(officeId).with(chain), "untrusted", "within 4 intermediate"),
                arguments(
                        "foreign",
                        factory.client(officeId),
                        "name_not_allowed",
                        "the authority factory may not give the name URI 'spiffe://office.example/clerk'"),
                arguments(
                        "wildcard",
                        factory.leaf("w").uri(ID).dns("*.factory.example").issue(),
                        "name_not_allowed",
                        "DNS '*.factory.example'"),
                arguments(
                        "two ids",
                        factory.leaf("w").uri(ID).uri(ID + "/2").issue(),
                        "ambiguous_client_id",
                        "several values of SPIFFE ID"),
                arguments(
                        "no id",
                        factory.leaf("w").dns("r.factory.example").issue(),
                        "no_client_id",
                        "has no SPIFFE ID"),
                arguments("denied", denied, "denied", "DENIED_CERTIFICATES"));
    }

    private Identity client(Instant from, Instant to) {
        return factory.leaf("client").uri(ID).valid(from, to).issue();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("certificates")
    void explain_refusedCertificate_saysWhatTheServiceSays(String name, Identity client, String code, String reason) {
        try (TestLog log = new TestLog()) {
            assertThat(TlsClient.of(factory.certificate(), Optional.of(client))
                            .token(service.tlsPort(), Headers.NONE)
                            .status())
                    .isEqualTo(401);
            assertThat(TestLog.fields(log.audit().get(0)).get("reason_code")).isEqualTo(code);
        }
        TestCommandLine explained = explain(client);

        assertThat(explained.status()).isEqualTo(1);
        assertThat(explained.output().lines().toList())
                .as(explained.output())
                .last()
                .asString()
                .startsWith("refused: " + code + ": ")
                .contains(reason);
    }

    @Test
    void explain_acceptedCertificate_saysItsIdAndItsNames() {
        TestCommandLine explained = explain(factory.client(ID));

        assertThat(explained.status()).isZero();
        assertThat(explained.output()).contains("accepted: authority factory, client id " + ID, "  client.cn: unknown");
    }

    private TestCommandLine explain(Identity client) {
        String chain = client.chain().size() == 1
                ? folder.resolve("factory.pem").toString()
                : write(
                        "chain.pem",
                        client.chain().subList(1, client.chain().size()).toArray());
        return TestCommandLine.run(
                Map.of("DENIED_CERTIFICATES", folder.resolve("denied").toString()),
                "policy",
                "explain",
                folder.resolve("policy.yml").toString(),
                "--certificate",
                write("client.pem", client.certificate()),
                "--chain",
                chain);
    }
}
