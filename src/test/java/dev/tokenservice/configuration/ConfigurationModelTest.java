package dev.tokenservice.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.annotation.JacksonInject;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.tokenservice.TokenServiceConfiguration;
import dev.tokenservice.testing.TestValidators;
import io.dropwizard.configuration.ConfigurationException;
import io.dropwizard.jackson.Jackson;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** One declaration, on the field, is all that a setting needs. */
class ConfigurationModelTest {

    private static final ConfigurationModel<House> MODEL = ConfigurationModel.of(House.class);

    static final class House {

        @JacksonInject
        Platform platform = Platform.of(Map.of());

        @JsonProperty
        @Valid
        @Description("What opens.")
        Doors doors = new Doors();
    }

    static final class Doors {

        @Variable({"HOUSE_DOR_COUNT", "HOUSE_DOOR_COUNT"})
        @Description("How many there are.")
        @Max(value = 9, message = "must be 9 at most")
        int count = 1;

        @Variable("HOUSE_DOOR_NAMES")
        List<String> names = List.of();

        @Variable(value = "HOUSE_DOOR_CODE", secret = true, mayBeEmpty = true)
        String code = "1234";
    }

    private static House build(String yaml, Map<String, String> environment)
            throws IOException, ConfigurationException {
        return new ServiceConfigurationFactory<>(
                        MODEL, TestValidators.SHARED.getValidator(), Jackson.newObjectMapper(), environment)
                .build(path -> new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)), "house.yml");
    }

    private static List<String> problems(String yaml, Map<String, String> environment) {
        return catchThrowableOfType(InvalidConfigurationException.class, () -> build(yaml, environment))
                .problems()
                .stream()
                .map(Problem::line)
                .toList();
    }

    @Test
    void settings_areThoseOfTheFieldsInTheirOrder() {
        assertThat(MODEL.settings())
                .extracting(Setting::path, Setting::isList, Setting::isSecret, Setting::description)
                .containsExactly(
                        tuple("doors.count", false, false, "How many there are."),
                        tuple("doors.names", true, false, ""),
                        tuple("doors.code", false, true, ""));
        assertThat(MODEL.groups()).containsExactly(Map.entry("doors", "What opens."));
    }

    @Test
    void environment_isLaidOverTheFile() throws Exception {
        House house = build(
                "doors: {count: 2, names: [front]}",
                Map.of("HOUSE_DOOR_COUNT", "3", "HOUSE_DOOR_NAMES", "back, cellar", "HOUSE_DOOR_CODE", ""));

        assertThat(house.doors.count).isEqualTo(3);
        assertThat(house.doors.names).containsExactly("back", "cellar");
        assertThat(house.doors.code).isEmpty();
    }

    @Test
    void problems_nameTheVariablesAndNoSecret() {
        assertThat(problems("doors: {count: 10, code: [5678], window: 1}", Map.of("HOUSE_DOOR_NAMES", "")))
                .containsExactlyInAnyOrder(
                        "doors.count (HOUSE_DOR_COUNT or HOUSE_DOOR_COUNT): found '10', must be 9 at most",
                        "doors.names (HOUSE_DOOR_NAMES): the variable is set but empty: unset it, or set a value",
                        "doors.code (HOUSE_DOOR_CODE): found a value that is not shown, must be a text, in "
                                + "quotes where it "
                                + "looks like something else",
                        "doors.window: the key is unknown; the known keys here are [code, count, names]");
    }

    @Test
    void nearMisses_areThoseOfTheVariables() {
        assertThat(new NearMisses(MODEL.variables()).among(List.of("HOUSE_DOORS_COUNT", "HOUSE_DOOR_CODE")))
                .containsExactly(Map.entry("HOUSE_DOORS_COUNT", "HOUSE_DOOR_COUNT"));
    }

    @Test
    void platform_isThatOfTheEnvironment() throws Exception {
        assertThat(build("", Map.of("K_SERVICE", "house")).platform.cloudRun()).isTrue();
        assertThat(build("", Map.of()).platform.cloudRun()).isFalse();
    }

    @Test
    void serviceConfiguration_everyGroup_hasSettingsAndEveryVariableOneSetting() {
        ConfigurationModel<TokenServiceConfiguration> service = TokenServiceConfiguration.model();

        assertThat(service.groups().keySet())
                .allSatisfy(group -> assertThat(service.settings())
                        .anySatisfy(setting -> assertThat(setting.path()).startsWith(group + ".")));
        assertThat(service.settings().stream().flatMap(setting -> setting.variables().stream()))
                .doesNotHaveDuplicates();
    }
}
