package dev.tokenservice.configuration;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The environment variables that a file gives the service.
 *
 * @param values those whose value stands in the file
 * @param atRunTime those that are set, to something that only the platform knows
 * @param problems what is wrong with the declarations themselves; never a value
 */
record DeclaredVariables(Map<String, String> values, Set<String> atRunTime, List<String> problems) {

    private static final String NAME = "[A-Za-z_][A-Za-z0-9_]*";
    private static final Pattern LINE = Pattern.compile("(?:export\\s+)?(" + NAME + ")(?:=(.*))?");
    private static final Pattern QUOTED = Pattern.compile("([\"']).*\\1");

    /** A line that only a file of variables begins with: in YAML a key ends in a colon. */
    private static final Pattern FIRST_LINE = Pattern.compile("(?:export\\s+)?" + NAME + "=.*");

    private static final Predicate<String> COMMENT = line -> line.isEmpty() || line.startsWith("#");

    /** Where the value is put together from other variables by the platform. */
    private static final String EXPANSION = "$(";

    private DeclaredVariables() {
        this(new LinkedHashMap<>(), new LinkedHashSet<>(), new ArrayList<>());
    }

    /** Whether a text is a file of variables: {@code KEY=VALUE}, one a line, as {@code docker run --env-file} reads it. */
    static boolean isEnvFile(String text) {
        return text.lines()
                .map(String::strip)
                .filter(COMMENT.negate())
                .findFirst()
                .filter(line -> FIRST_LINE.matcher(line).matches())
                .isPresent();
    }

    /** Reads such a file. A name without a value is taken from the environment of whoever starts the service. */
    static DeclaredVariables ofEnvFile(String text) {
        DeclaredVariables variables = new DeclaredVariables();
        int number = 0;
        for (String line : text.lines().map(String::strip).toList()) {
            number++;
            Matcher matcher = LINE.matcher(line);
            if (COMMENT.test(line)) {
                continue;
            }
            if (!matcher.matches()) {
                variables.problems.add("line " + number + ": must be KEY=VALUE, or a comment after #");
            } else if (matcher.group(2) == null) {
                variables.setAtRunTime(matcher.group(1));
            } else if (QUOTED.matcher(matcher.group(2)).matches()) {
                variables.problems.add(matcher.group(1)
                        + ": must not be in quotes: docker makes them part of the value, where a shell takes them off");
            } else {
                variables.set(matcher.group(1), matcher.group(2));
            }
        }
        return variables;
    }

    /** Whether a YAML document is a manifest of Cloud Run or Kubernetes. */
    static boolean isManifest(JsonNode document) {
        return document.path("apiVersion").isTextual() && document.path("kind").isTextual();
    }

    /** Reads the {@code env} section of one container. */
    static DeclaredVariables ofContainer(JsonNode container) {
        DeclaredVariables variables = new DeclaredVariables();
        for (JsonNode variable : container.path("env")) {
            String name = variable.path("name").asText();
            JsonNode value = variable.path("value");
            if (variable.has("valueFrom") || value.asText().contains(EXPANSION)) {
                variables.setAtRunTime(name);
            } else if (value.isMissingNode() || value.isTextual()) {
                variables.set(name, value.asText());
            } else {
                variables.problems.add(name + ": the value must be a text: put it in quotes");
            }
        }
        return variables;
    }

    private void set(String name, String value) {
        noteRepetition(name);
        values.put(name, value);
    }

    private void setAtRunTime(String name) {
        noteRepetition(name);
        atRunTime.add(name);
    }

    private void noteRepetition(String name) {
        if (values.containsKey(name) || atRunTime.contains(name)) {
            problems.add(name + ": is set twice: take one of them out");
        }
    }

    /** All names, whether their value is known or not. */
    Set<String> names() {
        Set<String> names = new LinkedHashSet<>(values.keySet());
        names.addAll(atRunTime);
        return names;
    }

    /**
     * An environment to validate. What is known at run time only has to count as set, so that nothing is missed in its place;
     * what is found wrong with its stand-in says nothing.
     */
    Map<String, String> environment() {
        Map<String, String> environment = new LinkedHashMap<>(values);
        atRunTime.forEach(name -> environment.put(name, "known-at-run-time-" + environment.size()));
        return environment;
    }
}
