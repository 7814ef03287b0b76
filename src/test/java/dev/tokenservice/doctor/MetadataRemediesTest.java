package dev.tokenservice.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A remedy names commands that exist where the service runs. */
class MetadataRemediesTest {

    private static final String URL = "https://issuer.example/.well-known/openid-configuration";

    private final MetadataRemedies google = new MetadataRemedies(RemotePlatform.GOOGLE_CLOUD, URL);
    private final MetadataRemedies other = new MetadataRemedies(RemotePlatform.OTHER, URL);

    @ParameterizedTest
    @ValueSource(ints = {401, 403, 404, 502, 503, 504})
    void status_thatThePlatformCauses_hasItsCommand(int status) {
        assertThat(google.ofStatus(status)).contains(": gcloud ");
        assertThat(other.ofStatus(status)).doesNotContain("gcloud").isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {302, 418, 500})
    void status_ofAnyServer_namesTheUrl(int status) {
        assertThat(google.ofStatus(status)).isEqualTo(other.ofStatus(status)).endsWith("curl -v " + URL);
    }

    @Test
    void certificate_thatIsDemanded_hasTheSettingOfThePlatform() {
        assertThat(google.ofRefusedConnection()).contains("gcloud network-security server-tls-policies");
        assertThat(other.ofRefusedConnection())
                .contains("ssl_verify_client optional")
                .doesNotContain("gcloud");
    }
}
