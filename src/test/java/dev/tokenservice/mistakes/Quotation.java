package dev.tokenservice.mistakes;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Texts that the page quotes: code spans, in which {@code …} stands for whatever differs from one place to the other. */
final class Quotation {

    private static final Pattern CODE = Pattern.compile("``(.+?)``|`(.+?)`");

    private Quotation() {}

    /** The code spans of a text. */
    static List<String> codes(String markdown) {
        return CODE.matcher(markdown)
                .results()
                .map(code ->
                        code.group(1) == null ? code.group(2) : code.group(1).strip())
                .toList();
    }

    /** Whether a line is what is quoted. */
    static boolean isFoundIn(String line, String quoted) {
        String pattern = Stream.of(quoted.split("…", -1)).map(Pattern::quote).collect(Collectors.joining(".*"));
        return Pattern.compile(pattern, Pattern.DOTALL).matcher(line).find();
    }
}
