package dev.tokenservice.google;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.Validation;
import jakarta.validation.Validator;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GoogleFactoryTest {

    private static final Validator VALIDATOR =
            Validation.buildDefaultValidatorFactory().getValidator();
    private static final String EMAIL = "token-service@project.iam.gserviceaccount.com";

    @Test
    void defaults_nothingSet_valid() {
        GoogleFactory factory = factory(Map.of());

        assertThat(VALIDATOR.validate(factory)).isEmpty();
        assertThat(factory.accessTokenLifetime()).isEqualTo(Duration.ofHours(1));
        assertThat(factory.universeDomain()).isEqualTo("googleapis.com");
        assertThat(factory.jwksUrl(EMAIL))
                .isEqualTo("https://www.googleapis.com/service_accounts/v1/metadata/jwk/" + EMAIL);
    }

    @Test
    void jwksUrl_otherUniverse_inIt() {
        assertThat(factory(Map.of("universeDomain", "apis.example")).jwksUrl(EMAIL))
                .isEqualTo("https://www.apis.example/service_accounts/v1/metadata/jwk/" + EMAIL);
    }

    @Test
    void jwksUrl_set_emailPutIn() {
        assertThat(factory(Map.of("jwksUrl", "https://keys.example/{email}/jwks"))
                        .jwksUrl(EMAIL))
                .isEqualTo("https://keys.example/" + EMAIL + "/jwks");
        assertThat(factory(Map.of("jwksUrl", "https://keys.example/jwks")).jwksUrl(EMAIL))
                .isEqualTo("https://keys.example/jwks");
    }

    @ParameterizedTest
    @CsvSource({
        "serviceAccount, token-service@project.iam.gserviceaccount.com",
        "serviceAccount, 123-compute@developer.gserviceaccount.com",
        "applicationCredentials, /etc/credentials.json",
        "universeDomain, apis-berlin.example",
        "iamCredentialsUrl, https://iamcredentials.internal.example",
        "iamCredentialsUrl, https://iamcredentials.internal.example/",
        "iamCredentialsUrl, https://localhost:8443",
        "iamCredentialsUrl, http://127.0.0.1:1",
        "stsUrl, http://[::1]:65535",
        "stsUrl, http://localhost",
        "jwksUrl, https://keys.example/{email}",
        "jwksUrl, http://localhost:8080/keys?of={email}&x=1",
        "accessTokenValidity, 1",
        "accessTokenValidity, 720"
    })
    void validate_allowedValue_accepted(String setting, String value) {
        assertThat(VALIDATOR.validate(factory(Map.of(setting, value)))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "serviceAccount, token-service, email",
        "serviceAccount, a/b@project.iam.gserviceaccount.com, email",
        "universeDomain, https://apis.example, domain",
        "universeDomain, com, domain",
        "iamCredentialsUrl, http://iamcredentials.internal.example, https",
        "iamCredentialsUrl, https://iam.example/v1, path",
        "iamCredentialsUrl, https://user@iam.example, https",
        "iamCredentialsUrl, https://iam.example:0, https",
        "iamCredentialsUrl, https://iam.example:65536, https",
        "stsUrl, https://sts.example?x=1, path",
        "stsUrl, http://localhost.example, https",
        "stsUrl, sts.example, https",
        "jwksUrl, http://keys.example/{email}, https",
        "jwksUrl, https://keys.example/{name}, https",
        "jwksUrl, https://keys.example, https",
        "accessTokenValidity, 0, 1 to 720",
        "accessTokenValidity, 721, 1 to 720"
    })
    void validate_otherValue_refusedSayingWhatIsAllowed(String setting, String value, String allowed) {
        assertThat(VALIDATOR.validate(factory(Map.of(setting, value))))
                .singleElement()
                .satisfies(violation -> {
                    assertThat(violation.getPropertyPath()).hasToString(setting);
                    assertThat(violation.getMessage()).startsWith("must be").contains(allowed);
                });
    }

    @Test
    void validate_veryLongUrl_noStackOverflow() {
        GoogleFactory factory = factory(Map.of("jwksUrl", "https://keys.example/" + "a{email}".repeat(20_000)));

        assertThat(VALIDATOR.validate(factory))
                .extracting(ConstraintViolation::getMessage)
                .isEmpty();
    }

    private static GoogleFactory factory(Map<String, Object> settings) {
        return new JsonMapper().convertValue(settings, GoogleFactory.class);
    }
}
