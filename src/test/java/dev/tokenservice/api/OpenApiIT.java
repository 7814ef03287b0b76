package dev.tokenservice.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tokenservice.testing.Headers;
import dev.tokenservice.testing.Request;
import dev.tokenservice.testing.Response;
import dev.tokenservice.testing.TestCertificates;
import dev.tokenservice.testing.TestLoadBalancer;
import dev.tokenservice.testing.TestSchema;
import dev.tokenservice.testing.TestService;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What {@code openapi.json} promises is what the running service answers. */
class OpenApiIT {

    private static final Headers GOOD = TestLoadBalancer.verified(TestCertificates.authority("Test CA")
            .client()
            .uri("spiffe://example.org/robot")
            .issue());

    private final TestService service = TestService.shared();
    private final JsonNode document = read();

    private static JsonNode read() {
        try {
            return new JsonMapper().readTree(Path.of("openapi.json").toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/, 307",
        "/health-check?type=alive, 200",
        "/health-check?type=ready, 200",
        "/.well-known/openid-configuration, 200",
        "/.well-known/oauth-authorization-server, 200",
        "/.well-known/jwks.json, 200"
    })
    void document_read_isAnsweredAsPromised(String target, int status) {
        String path = target.replaceFirst("\\?.*", "");
        Response answer = service.send(Request.get(target));

        assertThat(answer.status()).isEqualTo(status);
        assertPromised("get", path, answer);
        assertPromised("get", path, service.send(Request.get(target).with("Accept", "text/html")));
    }

    @Test
    void token_issued_isAnsweredAsPromised() {
        assertPromised("post", "/token", service.token(GOOD));
        assertPromised("post", "/token", service.token(GOOD, "format", "external_credential"));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("dev.tokenservice.api.ErrorTableIT#refusedRequests")
    void token_refused_isAnsweredAsPromised(
            String name, int status, String error, UnaryOperator<Request> modification) {
        Request request = TestService.tokenRequest(GOOD);

        assertPromised("post", "/token", service.send(modification.apply(request)));
        assertPromised(
                "post",
                "/token",
                service.send(modification.apply(request.body("format=external_credential&" + request.body()))));
    }

    /** A parameter that the service knows changes the answer when its value is nonsense; one that it does not know does not. */
    @Test
    void parameters_areThoseThatTheServiceReads() {
        List<String> parameters = new ArrayList<>();
        document.at("/paths/~1token/post/requestBody/content/application~1x-www-form-urlencoded/schema/properties")
                .fieldNames()
                .forEachRemaining(parameters::add);
        // Without relying parties it is an unknown one.
        parameters.remove("relying_party");
        parameters.remove("grant_type");

        assertThat(parameters)
                .isNotEmpty()
                .allSatisfy(parameter -> assertThat(
                                service.token(GOOD, parameter, "\"nonsense\"").status())
                        .isNotEqualTo(200));
        assertThat(service.token(GOOD, "nonsense", "\"nonsense\"").status()).isEqualTo(200);
    }

    private void assertPromised(String method, String path, Response answer) {
        JsonNode responses = document.path("paths").path(path).path(method).path("responses");
        JsonNode response = responses.path(Integer.toString(answer.status()));
        if (response.isMissingNode()) {
            response = responses.path("default");
        }
        assertThat(response.isMissingNode())
                .as("status %s of %s", answer.status(), path)
                .isFalse();
        JsonNode schema = response.at(JsonPointer.compile("/content/application~1json/schema"));
        if (schema instanceof ObjectNode promised) {
            ObjectNode resolvable = promised.deepCopy();
            resolvable.set("components", document.path("components"));
            assertThat(TestSchema.of(resolvable).problems(answer.json()))
                    .as(answer.body())
                    .isEmpty();
        }
    }
}
