package dev.tokenservice.configuration;

import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A file of variables, one {@code KEY=VALUE} on each line. {@code docker run --env-file} reads each line unchanged. systemd
 * (systemd.exec(5), EnvironmentFile) removes quotes and white space around a value.
 */
final class EnvironmentFile {

    private static final String NAME = "[A-Za-z_][A-Za-z0-9_]*";
    private static final Pattern LINE = Pattern.compile("(" + NAME + ")(?:=(.*))?");
    private static final Pattern EXPORT = Pattern.compile("export\\s+" + NAME + "(?:=.*)?");
    private static final Pattern QUOTED = Pattern.compile("([\"']).*\\1");

    /** A first line that only a file of variables can have: in YAML, a colon follows a key. */
    private static final Pattern FIRST_LINE = Pattern.compile("(?:export\\s+)?" + NAME + "=.*");

    private static final Pattern NAMED = Pattern.compile("(?m)^EnvironmentFile=-?(?:\\S*/)?([^/\\s]+)\\s*$");

    private static final Predicate<String> COMMENT = line -> line.isEmpty() || line.startsWith("#");

    private final boolean systemd;
    private final DeclaredVariables variables = new DeclaredVariables();

    private EnvironmentFile(boolean systemd) {
        this.systemd = systemd;
    }

    /** Returns whether a text is one. */
    static boolean isOne(String text) {
        return text.lines()
                .map(String::strip)
                .filter(COMMENT.negate())
                .findFirst()
                .filter(line -> FIRST_LINE.matcher(line).matches())
                .isPresent();
    }

    /** The names of the files of variables, without folders, that a unit of systemd names. */
    static Set<String> namedBy(String unit) {
        return NAMED.matcher(unit).results().map(match -> match.group(1)).collect(Collectors.toSet());
    }

    /**
     * Reads it.
     *
     * @param systemd as systemd does; otherwise as docker does
     */
    static DeclaredVariables read(String text, boolean systemd) {
        return new EnvironmentFile(systemd).readLines(text);
    }

    private DeclaredVariables readLines(String text) {
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            String content = systemd ? line.strip() : line.stripLeading();
            if (!COMMENT.test(content) && !(systemd && content.startsWith(";"))) {
                read(content, "line " + number);
            }
        }
        return variables;
    }

    private void read(String line, String place) {
        Matcher matcher = LINE.matcher(line);
        if (EXPORT.matcher(line).matches()) {
            variables.refuse(place + ": must not begin with export: only a shell knows it");
        } else if (!matcher.matches() || (systemd && matcher.group(2) == null)) {
            variables.refuse(place + ": must be KEY=VALUE, or a comment after #");
        } else if (variables.has(matcher.group(1))) {
            variables.refuse(matcher.group(1) + ": is set twice: remove one of them");
        } else if (matcher.group(2) == null) {
            variables.setAtRunTime(
                    matcher.group(1), "comes from the environment in which the container is started, as it has no =");
        } else {
            set(matcher.group(1), matcher.group(2));
        }
    }

    private void set(String name, String value) {
        boolean quoted = QUOTED.matcher(value.strip()).matches();
        if (systemd && value.endsWith("\\")) {
            variables.setAtRunTime(name, "goes on in the next line, which is not read here");
        } else if (systemd) {
            String stripped = value.strip();
            variables.set(name, quoted ? stripped.substring(1, stripped.length() - 1) : stripped);
        } else if (quoted) {
            variables.refuse(
                    name + ": must not be in quotes: a shell removes them, but docker makes them part of the value");
        } else if (!value.equals(value.stripTrailing())) {
            variables.refuse(name + ": must not end with a space: docker makes it part of the value");
        } else {
            variables.set(name, value);
        }
    }
}
