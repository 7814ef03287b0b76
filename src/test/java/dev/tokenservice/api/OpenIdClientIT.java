package dev.tokenservice.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.oauth2.sdk.ClientCredentialsGrant;
import com.nimbusds.oauth2.sdk.GrantType;
import com.nimbusds.oauth2.sdk.TokenErrorResponse;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.TokenResponse;
import com.nimbusds.oauth2.sdk.as.AuthorizationServerMetadata;
import com.nimbusds.oauth2.sdk.auth.ClientAuthenticationMethod;
import com.nimbusds.oauth2.sdk.auth.PKITLSClientAuthentication;
import com.nimbusds.oauth2.sdk.http.HTTPRequest;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.Issuer;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponse;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponseParser;
import com.nimbusds.openid.connect.sdk.SubjectType;
import com.nimbusds.openid.connect.sdk.claims.IDTokenClaimsSet;
import com.nimbusds.openid.connect.sdk.op.OIDCProviderMetadata;
import com.nimbusds.openid.connect.sdk.validators.IDTokenValidator;
import dev.tokenservice.testing.FreePort;
import dev.tokenservice.testing.Headers;
import dev.tokenservice.testing.Response;
import dev.tokenservice.testing.TestAuthority;
import dev.tokenservice.testing.TestCertificates;
import dev.tokenservice.testing.TestLoadBalancer;
import dev.tokenservice.testing.TestService;
import dev.tokenservice.testing.TestToken;
import dev.tokenservice.testing.TlsClient;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A standard client library that knows nothing of this service but its issuer. */
class OpenIdClientIT {

    private static final Headers GOOD = TestLoadBalancer.verified(TestCertificates.authority("Test CA")
            .client()
            .uri("spiffe://example.org/robot")
            .issue());

    @Test
    void library_findingAnAlias_asksThereWithItsCertificate(@TempDir Path folder) throws Exception {
        TestAuthority root = TestAuthority.root("CA");
        String issuer = "http://localhost:" + FreePort.find();
        String endpoint = "https://localhost:" + FreePort.find() + "/token";
        Map<String, String> variables = new HashMap<>(root.tlsVariables(folder));
        variables.put("PORT", issuer.replaceFirst(".*:", ""));
        variables.put("TOKEN_ISSUER", issuer);
        variables.put("MTLS_PORT", endpoint.replaceAll("\\D", ""));
        variables.put("MTLS_TOKEN_ENDPOINT", endpoint);
        try (TestService service = TestService.start(variables)) {
            URI alias = OIDCProviderMetadata.resolve(new Issuer(issuer))
                    .getReadOnlyMtlsEndpointAliases()
                    .getTokenEndpointURI();
            Response answer = TlsClient.of(root.certificate(), Optional.of(root.client("spiffe://example.org/robot")))
                    .token(alias.getPort(), Headers.NONE);

            assertThat(alias).isEqualTo(URI.create(endpoint));
            assertThat(TestToken.of(service, answer).claim("iss")).isEqualTo(issuer);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"RS256", "ES256"})
    void library_knowingTheIssuer_getsAndValidatesAToken(String algorithm) throws Exception {
        try (TestService service = TestService.start(Map.of("SIGNING_ALGORITHM", algorithm))) {
            Issuer issuer = new Issuer("http://localhost:" + service.port());
            OIDCProviderMetadata metadata = OIDCProviderMetadata.resolve(issuer);
            ClientID client = new ClientID(issuer.getValue());

            TokenResponse response = OIDCTokenResponseParser.parse(
                    request(metadata, client, GOOD).send());

            OIDCTokenResponse success = (OIDCTokenResponse) response.toSuccessResponse();
            IDTokenClaimsSet claims = new IDTokenValidator(
                            metadata.getIssuer(),
                            client,
                            JWSAlgorithm.parse(algorithm),
                            metadata.getJWKSetURI().toURL())
                    .validate(success.getOIDCTokens().getIDToken(), null);
            assertThat(claims.getSubject().getValue()).isEqualTo("spiffe://example.org/robot");
            assertThat(success.getOIDCTokens().getAccessToken().getLifetime()).isEqualTo(300);
        }
    }

    @Test
    void library_readsBothMetadataDocuments() throws Exception {
        Issuer issuer = new Issuer("http://localhost:" + TestService.shared().port());

        OIDCProviderMetadata openId = OIDCProviderMetadata.resolve(issuer);
        AuthorizationServerMetadata oauth = AuthorizationServerMetadata.resolve(issuer);

        assertThat(openId.getIssuer()).isEqualTo(issuer);
        assertThat(openId.getSubjectTypes()).containsExactly(SubjectType.PUBLIC);
        assertThat(openId.getIDTokenJWSAlgs()).containsExactly(JWSAlgorithm.ES256);
        for (AuthorizationServerMetadata metadata : new AuthorizationServerMetadata[] {openId, oauth}) {
            assertThat(metadata.getTokenEndpointURI()).hasPath("/token");
            assertThat(metadata.getJWKSetURI()).hasPath("/.well-known/jwks.json");
            assertThat(metadata.getGrantTypes()).containsExactly(GrantType.CLIENT_CREDENTIALS);
            assertThat(metadata.getTokenEndpointAuthMethods())
                    .containsExactly(ClientAuthenticationMethod.TLS_CLIENT_AUTH);
            assertThat(metadata.supportsTLSClientCertificateBoundAccessTokens()).isFalse();
        }
    }

    @Test
    void library_withoutCertificate_understandsTheError() throws Exception {
        Issuer issuer = new Issuer("http://localhost:" + TestService.shared().port());
        OIDCProviderMetadata metadata = OIDCProviderMetadata.resolve(issuer);

        TokenResponse response = OIDCTokenResponseParser.parse(
                request(metadata, new ClientID("robot"), TestLoadBalancer.withoutCertificate())
                        .send());

        TokenErrorResponse error = response.toErrorResponse();
        assertThat(error.getErrorObject().getCode()).isEqualTo("invalid_client");
        assertThat(error.getErrorObject().getHTTPStatusCode()).isEqualTo(401);
        assertThat(error.getErrorObject().getDescription()).contains("certificate");
    }

    /** The client proves who it is in the TLS handshake; the request itself carries its name and nothing secret. */
    private static HTTPRequest request(OIDCProviderMetadata metadata, ClientID client, Headers headers) {
        HTTPRequest request = new TokenRequest.Builder(
                        metadata.getTokenEndpointURI(),
                        new PKITLSClientAuthentication(client, (SSLSocketFactory) SSLSocketFactory.getDefault()),
                        new ClientCredentialsGrant())
                .build()
                .toHTTPRequest();
        headers.all().stream()
                .filter(header -> !header.value().isEmpty())
                .forEach(header -> request.setHeader(header.name(), header.value()));
        return request;
    }
}
