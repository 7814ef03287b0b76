package dev.tokenservice.google;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an operator reads of each cause for which STS refuses an exchange. */
class StsRefusalTest {

    private static final String TOKEN = "e30.eyJpc3MiOiJodHRwczovL2lzc3Vlci5leGFtcGxlIn0.c2ln";
    private static final String AUDIENCE =
            "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/pool/providers/provider";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "invalid_grant | The audience in ID Token [a] does not match the expected audience. | --allowed-audiences='https://",
                "invalid_grant | The issuer in ID Token a does not match the expected ones: b | --issuer-uri='https://issuer.example'",
                "invalid_grant | `issuer` claim in OIDC discovery document does not match the issuer | TOKEN_ISSUER",
                "invalid_grant | Error connecting to the given credential's issuer. | ALLOW_INVALID_OR_MISSING_CLIENT_CERT",
                "unauthorized_client | Could not obtain a value for google.subject from the given credential. | --attribute-mapping",
                "unauthorized_client | The given credential is rejected by the attribute condition. | attributeCondition",
                "invalid_request | The size of mapped attribute google.subject exceeds the 127 bytes limit. | MTLS_HEADER_CLIENT_ID",
                "invalid_request | The mapped attribute attribute.x must be a string. | attributeMapping",
                "invalid_grant | ID Token issued at 1713260741 is stale to sign-in. | NTP",
                "invalid_grant | Invalid ID Token signature. | SIGNING_KEYS",
                "invalid_grant | Something new. | compare the issuer",
                "invalid_target | The target service indicated by the audience parameters is invalid. | _PROVIDER_ID",
                "invalid_scope | Invalid OAuth scope. | https://www.googleapis.com/auth/cloud-platform"
            })
    void refusal_ofEachCause_detailNamesTheRemedy(String code, String message, String remedy) {
        GoogleError error = new GoogleError(400, code, message, null);

        assertThat(StsRefusal.of(error, AUDIENCE, TOKEN).detail().orElse(""))
                .startsWith("sts: HTTP 400 '" + code + "' '")
                .contains(message.substring(0, 10).replace('\'', '`'), remedy)
                .doesNotContain("{", "}");
    }
}
