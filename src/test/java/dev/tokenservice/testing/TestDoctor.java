package dev.tokenservice.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tokenservice.TokenServiceApplication;
import dev.tokenservice.TokenServiceConfiguration;
import dev.tokenservice.configuration.ExitStatus;
import dev.tokenservice.configuration.Overrides;
import dev.tokenservice.doctor.DoctorCommand;
import io.dropwizard.core.setup.Bootstrap;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import net.sourceforge.argparse4j.inf.Namespace;

/** The command {@code doctor --json}, in this process or as the jar, and what it says. */
public final class TestDoctor {

    private static final JsonMapper JSON = new JsonMapper();

    private TestDoctor() {}

    /**
     * What doctor says.
     *
     * @param status the exit status
     * @param report the JSON object
     */
    public record Diagnosis(int status, JsonNode report) {

        /** Everything that was found by a check of this name. */
        public List<Said> of(String check) {
            return StreamSupport.stream(report.path("findings").spliterator(), false)
                    .filter(finding -> finding.path("check").asText().equals(check))
                    .map(Said::of)
                    .toList();
        }

        /** What was found by a check of this name, which must have found one thing. */
        public Said the(String check) {
            List<Said> all = of(check);
            if (all.size() != 1) {
                throw new AssertionError(check + " has " + all.size() + " findings in " + report.toPrettyString());
            }
            return all.get(0);
        }
    }

    /** One finding. */
    public record Said(String result, String evidence, String remedy) {

        private static Said of(JsonNode finding) {
            return new Said(
                    finding.path("result").asText(),
                    finding.path("evidence").asText(),
                    finding.path("remedy").asText());
        }
    }

    /** Runs it in this process, on the configuration in the jar; ports are free ones unless the variables say others. */
    public static Diagnosis run(Map<String, String> variables, Clock clock) {
        return run(onFreePorts(variables), clock, Map.of());
    }

    /** The same for one relying party. */
    public static Diagnosis ofRelyingParty(String name, Map<String, String> variables) {
        return run(onFreePorts(variables), Clock.systemUTC(), Map.of("relyingParty", name));
    }

    /**
     * Runs it in this process on a service.
     *
     * @param options by their names without dashes
     */
    public static Diagnosis ofService(String url, Map<String, String> options) {
        Map<String, Object> arguments = new HashMap<>(options);
        arguments.put("file", url);
        return run(Map.of(), Clock.systemUTC(), arguments);
    }

    private static Diagnosis run(Map<String, String> variables, Clock clock, Map<String, Object> more) {
        Map<String, Object> arguments = new HashMap<>(more);
        arguments.put("json", true);
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        int status = 0;
        try {
            new DoctorCommand<>(
                            TokenServiceConfiguration.model(),
                            TokenServiceConfiguration::sections,
                            Overrides.of(variables),
                            clock,
                            new PrintStream(output, true, StandardCharsets.UTF_8))
                    .run(
                            new Bootstrap<>(new TokenServiceApplication(
                                    Overrides.of(variables), clock, System::nanoTime, System.out, System.err)),
                            new Namespace(arguments));
        } catch (ExitStatus e) {
            status = e.status();
        }
        return new Diagnosis(status, json(output.toString(StandardCharsets.UTF_8)));
    }

    /** Runs the jar, with arguments for its JVM. */
    public static Diagnosis runJar(Map<String, String> variables, List<String> jvmArguments) {
        return runJar(variables, jvmArguments, "config.yml");
    }

    /** The same on another configuration file. */
    public static Diagnosis runJar(Map<String, String> variables, List<String> jvmArguments, String file) {
        RunningJar.Ended ended = RunningJar.run(onFreePorts(variables), jvmArguments, "doctor", "--json", file);
        return new Diagnosis(ended.status(), json(ended.output()));
    }

    /** What was said in JSON, by whichever half of doctor. */
    public static Diagnosis diagnosis(int status, String json) {
        return new Diagnosis(status, json(json));
    }

    private static Map<String, String> onFreePorts(Map<String, String> variables) {
        Map<String, String> environment = new HashMap<>(Map.of("PORT", "0", "ADMIN_PORT", "0", "MTLS_PORT", "0"));
        environment.putAll(variables);
        return environment;
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException("not one JSON object: " + text, e);
        }
    }
}
