package dev.tokenservice.mistakes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The page for operators, as far as it tells of mistakes: a heading for each, below it what is at fault, what the client, the
 * log and doctor say, and what to do; and for each group of them a table.
 */
final class Page {

    private static final Path FILE = Path.of("docs/troubleshooting.md");
    private static final Pattern ENTRY =
            Pattern.compile("(?m)^### (.+)\\R(?s)(.*?)(?=^#{2,3} |\\z)", Pattern.MULTILINE);
    private static final Pattern ROW = Pattern.compile("(?m)^\\| \\[(.+?)]\\(#(.+?)\\) \\| (.+?) \\| (.+?) \\|$");

    private final String text;

    /** An entry; its fields as they stand there, with their code spans. */
    record Entry(String title, String fault, String client, String log, String doctor, String remedy) {

        /** How Markdown's renderers name the heading. */
        String anchor() {
            return title.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9 _-]", "").replace(' ', '-');
        }
    }

    /** A row of a table. */
    record Row(String title, String anchor, String client, String fault) {}

    private Page(String text) {
        this.text = text;
    }

    static Page read() {
        try {
            return new Page(Files.readString(FILE));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Every heading with a fault below it. */
    List<Entry> entries() {
        List<Entry> entries = new ArrayList<>();
        Matcher matcher = ENTRY.matcher(text);
        while (matcher.find()) {
            String body = matcher.group(2);
            entries.add(new Entry(
                    matcher.group(1),
                    field(body, "At fault"),
                    field(body, "Client"),
                    field(body, "Log"),
                    field(body, "Doctor"),
                    field(body, "Remedy")));
        }
        return entries;
    }

    /** The value of {@code - **name**: value}, its lines joined. */
    private static String field(String body, String name) {
        Matcher matcher = Pattern.compile("(?ms)^- \\*\\*" + name + "\\*\\*: (.*?)(?=^- \\*\\*|^\\s*$|\\z)")
                .matcher(body);
        return matcher.find() ? matcher.group(1).strip().replaceAll("\\s*\\R\\s*", " ") : "";
    }

    List<Row> rows() {
        return ROW.matcher(text)
                .results()
                .map(row -> new Row(row.group(1), row.group(2), row.group(3), row.group(4)))
                .toList();
    }
}
