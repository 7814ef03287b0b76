package dev.tokenservice.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** A page of the documentation, whose blocks of code are to be held to what they promise. */
public record MarkdownPage(String text) {

    private static final Pattern BLOCK = Pattern.compile("^```(\\w+)\\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);

    private static final Pattern CELL = Pattern.compile("(?<!\\\\)\\|");

    /** Reads a page of this repository. */
    public static MarkdownPage read(String path) {
        try {
            return new MarkdownPage(Files.readString(Path.of(path)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What stands under a heading, up to the next one. */
    public MarkdownPage section(String heading) {
        int start = text.indexOf("# " + heading + "\n");
        int end = text.indexOf("\n#", start + 2);
        return new MarkdownPage(text.substring(start, end < 0 ? text.length() : end));
    }

    /** The cells of the rows of its tables, without those of the heads. */
    public List<List<String>> rows() {
        List<String> lines = text.lines().filter(line -> line.startsWith("|")).toList();
        return IntStream.range(0, lines.size())
                .filter(i -> !lines.get(i).startsWith("|-")
                        && (i + 1 == lines.size() || !lines.get(i + 1).startsWith("|-")))
                .mapToObj(i -> CELL.splitAsStream(lines.get(i).substring(1))
                        .map(String::strip)
                        .toList())
                .toList();
    }

    /** The blocks of code in a language, in their order. */
    public List<String> blocks(String language) {
        return BLOCK.matcher(text)
                .results()
                .filter(block -> block.group(1).equals(language))
                .map(block -> block.group(2))
                .toList();
    }

    /** Commands of a page, and the block of text after them, which is what they print. */
    public record Step(String commands, Optional<String> printed) {}

    /** Its shell blocks, in their order. */
    public List<Step> steps() {
        List<MatchResult> blocks = BLOCK.matcher(text).results().toList();
        return IntStream.range(0, blocks.size())
                .filter(i -> blocks.get(i).group(1).equals("sh"))
                .mapToObj(i -> new Step(
                        blocks.get(i).group(2),
                        blocks.stream()
                                .skip(i + 1L)
                                .limit(1)
                                .filter(next -> next.group(1).equals("text"))
                                .map(next -> next.group(2))
                                .findFirst()))
                .toList();
    }

    /** The commands of its shell blocks that start with a word, each as one line of however many. */
    public List<String> commands(String program) {
        return blocks("sh").stream()
                .flatMap(block -> block.replaceAll("\\\\\n *", "").lines())
                .filter(line -> line.startsWith(program + " "))
                .toList();
    }
}
