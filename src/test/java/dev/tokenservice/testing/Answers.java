package dev.tokenservice.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;

/** What every refusal looks like, whatever it is for. */
public final class Answers {

    private static final int MAX_DESCRIPTION = 400;

    /** Names that only a server's own words hold: of classes, packages, products, and lines of a stack trace. */
    private static final Pattern INTERNAL = Pattern.compile(
            "exception|\\bat [a-z]+\\.|java\\.|jakarta|jetty|jersey|jackson|glassfish|dropwizard|dev\\.tokenservice|<html|null",
            Pattern.CASE_INSENSITIVE);

    private Answers() {}

    /** A refusal in OAuth's shape. */
    public static void assertError(Response answer, int status, String error) {
        assertThat(answer.status()).as(answer.toString()).isEqualTo(status);
        assertRefusal(answer);
        assertThat(names(answer.json())).containsExactlyInAnyOrder("error", "error_description");
        assertThat(answer.json().path("error").textValue()).isEqualTo(error);
        assertDescription(answer.json().path("error_description"));
    }

    /** A refusal in the executable-credential shape. */
    public static void assertExternalError(Response answer, int status, String error) {
        assertThat(answer.status()).as(answer.toString()).isEqualTo(status);
        assertRefusal(answer);
        assertThat(names(answer.json())).containsExactlyInAnyOrder("version", "success", "code", "message");
        assertThat(answer.json().path("version").isInt()).isTrue();
        assertThat(answer.json().path("version").intValue()).isEqualTo(1);
        assertThat(answer.json().path("success").isBoolean()).isTrue();
        assertThat(answer.json().path("success").booleanValue()).isFalse();
        assertThat(answer.json().path("code").textValue()).isEqualTo(error);
        assertDescription(answer.json().path("message"));
    }

    /** A refusal that is the client's fault: JSON that nobody keeps, and not a word about what the service is made of. */
    public static void assertClientError(Response answer) {
        assertThat(answer.status()).as(answer.toString()).isBetween(400, 499);
        assertRefusal(answer);
        assertDescription(answer.json().path("error_description"));
    }

    private static void assertRefusal(Response answer) {
        assertThat(answer.header("content-type")).isEqualTo("application/json");
        assertThat(answer.header("cache-control")).isEqualTo("no-store");
        assertThat(answer.header("pragma")).isEqualTo("no-cache");
        assertThat(answer.headers()).doesNotContainKeys("server", "x-powered-by", "set-cookie");
        assertThat(answer.body()).doesNotContainPattern(INTERNAL);
    }

    private static void assertDescription(JsonNode description) {
        assertThat(description.isTextual()).isTrue();
        assertThat(description.textValue()).isNotBlank().hasSizeLessThan(MAX_DESCRIPTION);
    }

    private static Set<String> names(JsonNode object) {
        Set<String> names = new HashSet<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
