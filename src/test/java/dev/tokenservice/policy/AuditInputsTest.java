package dev.tokenservice.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenservice.identity.Attribute;
import dev.tokenservice.identity.ClientAttribute;
import dev.tokenservice.oauth.TokenRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AuditInputsTest {

    private static final ClientFacts CLIENT = new ClientFacts(
            attribute -> attribute == ClientAttribute.ID ? Attribute.of("robot") : Attribute.absent(), Set.of());

    private static Map<String, Object> inputs(String audience) {
        TokenRequest request = new TokenRequest(
                Optional.empty(), Optional.of(audience), Optional.empty(), List.of(), Optional.empty(), false);
        return AuditInputs.of(CLIENT, request, audience);
    }

    @Test
    void longInput_isCutAndMarked() {
        assertThat(inputs("x".repeat(8000))).containsKey("request.audience").containsEntry("cut", List.of());
        assertThat(inputs("x".repeat(9000)))
                .doesNotContainKey("request.audience")
                .containsEntry("client.id", "robot")
                .containsEntry("cut", List.of("request.audience"));
    }

    /** A client could fill the log with what is six times as long there. */
    @Test
    void escapes_countAsLongAsTheyAreInTheLine() {
        assertThat(inputs("\u0001".repeat(2000))).containsEntry("cut", List.of("request.audience"));
        assertThat(inputs("\"".repeat(5000))).containsEntry("cut", List.of("request.audience"));
    }
}
