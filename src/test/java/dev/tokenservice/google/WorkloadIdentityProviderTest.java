package dev.tokenservice.google;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WorkloadIdentityProviderTest {

    @Test
    void of_itsParts_isTheFullName() {
        WorkloadIdentityProvider provider = WorkloadIdentityProvider.of("googleapis.com", "1", "a", "b");

        assertThat(provider.resourceName())
                .isEqualTo("//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/a/providers/b");
        assertThat(provider.url()).isEqualTo("https:" + provider.resourceName());
    }
}
