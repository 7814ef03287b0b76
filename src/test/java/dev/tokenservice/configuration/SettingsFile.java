package dev.tokenservice.configuration;

import dev.tokenservice.TokenServiceConfiguration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The keys of {@code config.yml}, in its order, each with what the comment above it says and the variables that it names. */
final class SettingsFile {

    private static final ConfigurationModel<?> MODEL = TokenServiceConfiguration.model();

    static final Path PATH = Path.of("config.yml");

    /** Indentation, and what the comment says; the key of a setting without a default is commented out, too. */
    private static final Pattern COMMENT = Pattern.compile(" *# ?(.*)");

    /** The name of a variable ends a comment, behind white space or a sentence. */
    private static final Pattern NAMED = Pattern.compile("(|.*?(?:\\.| ) )\\s*(?:or )?([A-Z][A-Z0-9_]{3,})");

    private static final Pattern KEY = Pattern.compile("( *)(?:# )?([a-z][a-zA-Z0-9]*):(?: .*)?");

    /**
     * A key.
     *
     * @param path its groups and its name, joined by dots
     * @param description what its comment says
     * @param names the variables that its comment names; none for a group of settings
     */
    record Entry(String path, String description, List<String> names) {

        boolean isGroup() {
            return MODEL.groups().containsKey(path);
        }
    }

    private final Deque<String> groups = new ArrayDeque<>();
    private final List<String> words = new ArrayList<>();
    private final List<String> names = new ArrayList<>();

    private SettingsFile() {}

    static List<Entry> read() throws IOException {
        SettingsFile file = new SettingsFile();
        List<Entry> entries = new ArrayList<>();
        for (String line : Files.readAllLines(PATH)) {
            Matcher key = KEY.matcher(line);
            if (key.matches() && file.isKnown(key)) {
                entries.add(file.entry());
            } else {
                file.note(line);
            }
        }
        return entries;
    }

    /** The text with every setting in force, also those that are commented out. */
    static String everySetting() throws IOException {
        SettingsFile file = new SettingsFile();
        StringBuilder text = new StringBuilder();
        for (String line : Files.readAllLines(PATH)) {
            Matcher key = KEY.matcher(line);
            text.append(key.matches() && file.isKnown(key) ? line.replaceFirst("# ", "") : line)
                    .append('\n');
        }
        return text.toString();
    }

    /** Goes to a key, if it is one and not a word of a comment that a colon follows. */
    private boolean isKnown(Matcher key) {
        int depth = key.group(1).length() / 2;
        List<String> path = new ArrayList<>(List.copyOf(groups).subList(0, Math.min(depth, groups.size())));
        path.add(key.group(2));
        String joined = String.join(".", path);
        if (MODEL.at(joined).isEmpty() && !MODEL.groups().containsKey(joined)) {
            return false;
        }
        groups.clear();
        groups.addAll(path);
        return true;
    }

    private Entry entry() {
        Entry entry = new Entry(String.join(".", groups), String.join(" ", words), List.copyOf(names));
        words.clear();
        names.clear();
        return entry;
    }

    private void note(String line) {
        Matcher comment = COMMENT.matcher(line);
        if (!comment.matches()) {
            words.clear();
            return;
        }
        Matcher named = NAMED.matcher(comment.group(1));
        String text = named.matches() ? named.group(1) : comment.group(1);
        if (named.matches()) {
            names.add(named.group(2));
        }
        if (!text.isBlank()) {
            words.add(text.strip());
        }
    }
}
