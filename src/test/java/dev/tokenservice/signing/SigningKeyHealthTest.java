package dev.tokenservice.signing;

import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.health.HealthCheck.Result;
import dev.tokenservice.outbound.Deadline;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SigningKeyHealthTest {

    @Test
    void signingKey_publishedElsewhere_healthyWithAddress() {
        Result result = new SigningKeyHealth(new PublishedElsewhere()).look();

        assertThat(result.isHealthy()).isTrue();
        assertThat(result.getMessage()).contains("ES256", "https://keys.example/jwks");
    }

    @Test
    void signingKey_noKeyPublished_unhealthy() {
        assertThat(new SigningKeyHealth(new KeylessSigner()).look().isHealthy()).isFalse();
    }

    private static class KeylessSigner implements TokenSigner {

        @Override
        public String sign(Map<String, ?> claims, String algorithm, Deadline deadline) {
            throw new UnsupportedOperationException();
        }

        @Override
        public String algorithm() {
            return "ES256";
        }

        @Override
        public Optional<String> jwksUri() {
            return Optional.empty();
        }

        @Override
        public List<Map<String, Object>> publicKeys() {
            return List.of();
        }
    }

    private static final class PublishedElsewhere extends KeylessSigner {

        @Override
        public Optional<String> jwksUri() {
            return Optional.of("https://keys.example/jwks");
        }
    }
}
