package dev.tokenservice.policy;

import dev.tokenservice.files.UnusableFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads the sets of a policy file, and their CSV files. */
final class SetReader {

    private static final List<String> KEYS = List.of("file", "key");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,62}");

    private final PolicyFiles files;

    SetReader(PolicyFiles files) {
        this.files = files;
    }

    /** Returns the valid sets, by name. */
    Map<String, RowSet> read(PolicyNode place) {
        Map<String, RowSet> sets = new LinkedHashMap<>();
        place.members().forEach((name, node) -> {
            if (!NAME.matcher(name).matches() || name.equals(MatchReader.AS)) {
                node.problem("the set " + PolicyProblems.quoted(name)
                        + " must be named with 1 to 63 letters, digits, - and _, and not " + MatchReader.AS);
            }
            set(node).ifPresent(set -> sets.put(name, set));
        });
        return sets;
    }

    private Optional<RowSet> set(PolicyNode place) {
        Map<String, PolicyNode> members = place.members(KEYS);
        for (String key : KEYS) {
            if (!members.containsKey(key)) {
                place.problem(key + " is missing: a set has a CSV file, and the column by which its rows are found");
            }
        }
        Optional<String> key = Optional.ofNullable(members.get("key")).flatMap(PolicyNode::text);
        PolicyNode file = members.get("file");
        return file == null || key.isEmpty()
                ? Optional.empty()
                : file.text().flatMap(name -> rows(name, key.get(), file));
    }

    private Optional<RowSet> rows(String name, String key, PolicyNode place) {
        try {
            Path path = files.path(name);
            List<String> problems = new ArrayList<>();
            byte[] content = files.read(path);
            Optional<RowSet> rows = RowSet.read(content, key, problems);
            problems.forEach(problem -> place.problem(path + ": " + problem));
            if (rows.isPresent() && content[content.length - 1] != '\n') {
                place.warn(path + ": ends within a line, as a truncated file does: end it with a line break");
            }
            return rows;
        } catch (UnusableFileException e) {
            place.unusable(e);
            return Optional.empty();
        }
    }
}
