package dev.tokenservice.policy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FederatedAudienceTest {

    @ParameterizedTest
    @CsvSource({
        "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/a/providers/b, true",
        "https://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/a/providers/b, true",
        "https://iam.example.goog/projects/1/locations/global/workloadIdentityPools/a/providers/b, true",
        "https://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/a, false",
        "http://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/a/providers/b, false",
        "https://example.com, false"
    })
    void matches_nameOfAProvider_withOrWithoutTheScheme(String audience, boolean expected) {
        assertThat(FederatedAudience.matches(audience)).isEqualTo(expected);
    }
}
