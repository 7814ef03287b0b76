package dev.tokenservice.policy;

import dev.tokenservice.files.UnusableFileException;
import dev.tokenservice.oauth.Quoted;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.nodes.ScalarNode;

/** Everything that is wrong with a policy file, each at its place. */
final class PolicyProblems {

    private static final int MAX_LENGTH = 400;

    /** @param absent whether all that is wrong is that a file is not there */
    private record Problem(int line, int column, String what, boolean absent) {}

    private final Path file;
    private final List<Problem> problems = new ArrayList<>();
    private final List<Problem> warnings = new ArrayList<>();
    private String text = "";

    PolicyProblems(Path file) {
        this.file = file;
    }

    void add(@Nullable Mark mark, String what) {
        add(mark == null ? 1 : mark.getLine() + 1, mark == null ? 1 : mark.getColumn() + 1, what);
    }

    void add(int line, int column, String what) {
        problems.add(new Problem(line, column, what, false));
    }

    /** Notes a file that cannot be used, at the place that names it. */
    void add(Mark mark, UnusableFileException unusable) {
        problems.add(new Problem(
                mark.getLine() + 1,
                mark.getColumn() + 1,
                String.valueOf(unusable.getMessage()),
                unusable.getCause() instanceof NoSuchFileException));
    }

    /** Takes the file's text, in which places within values are looked up. */
    void text(String written) {
        this.text = written;
    }

    /** Notes what is wrong at a character of a value. */
    void add(ScalarNode scalar, int offset, String what) {
        WrittenScalar written = new WrittenScalar(text, scalar);
        int index = written.indexOf(offset);
        add(written.line(index), written.column(index), what);
    }

    /** Notes what is probably not meant. */
    void warn(Mark place, String what) {
        warnings.add(new Problem(place.getLine() + 1, place.getColumn() + 1, what, false));
    }

    /** What is probably not meant, in the form of the problems. */
    List<String> warnings() {
        return lines(warnings, warning -> true);
    }

    /** Whether the last line of the file has no end. */
    boolean endWithinLine() {
        return !text.endsWith("\n");
    }

    int count() {
        return problems.size();
    }

    /** Each as {@code FILE:LINE:COLUMN: what}, in the order of the file. */
    List<String> lines() {
        return lines(problems, problem -> true);
    }

    /** The same of the files that are not there, or of everything else. */
    List<String> lines(boolean absent) {
        return lines(problems, problem -> problem.absent() == absent);
    }

    private List<String> lines(List<Problem> all, Predicate<Problem> wanted) {
        return all.stream()
                .filter(wanted)
                .sorted(Comparator.comparingInt(Problem::line).thenComparingInt(Problem::column))
                .map(problem -> file + ":" + problem.line() + ":" + problem.column() + ": " + printable(problem.what()))
                .distinct()
                .toList();
    }

    /** What a file says can hold anything. */
    private static String printable(String what) {
        String cut = what.length() > MAX_LENGTH ? what.substring(0, MAX_LENGTH) + "..." : what;
        return cut.replaceAll("\\p{Cntrl}", "?");
    }

    static String quoted(String value) {
        return Quoted.of(value);
    }

    /**
     * Ends the reading where anything is wrong.
     *
     * @throws UnusableFileException with all of it
     */
    void throwIfAny() {
        if (!problems.isEmpty()) {
            throw new UnusableFileException(file, lines());
        }
    }
}
