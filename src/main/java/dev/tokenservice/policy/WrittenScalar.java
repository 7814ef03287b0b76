package dev.tokenservice.policy;

import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.nodes.ScalarNode;

/** Finds the place of each character of a YAML text in the file. Folded lines, indentation and escapes make the two differ. */
final class WrittenScalar {

    private static final int ESCAPE = '\\';

    private final int[] file;
    private final int[] value;
    private final ScalarStyle style;
    private final int start;

    WrittenScalar(String file, ScalarNode scalar) {
        this.file = file.codePoints().toArray();
        this.value = scalar.getValue().codePoints().toArray();
        this.style = scalar.getScalarStyle();
        this.start = scalar.getStartMark().getIndex();
    }

    /** Returns the index in the file, in code points, of a character of the text. */
    int indexOf(int character) {
        int at = start + (style == ScalarStyle.PLAIN ? 0 : 1);
        if (style == ScalarStyle.LITERAL || style == ScalarStyle.FOLDED) {
            at = nextLine(at);
        }
        for (int i = 0; i < value.length && at < file.length; i++) {
            at = find(value[i], at);
            if (i >= character || at >= file.length) {
                break;
            }
            at += width(at);
        }
        return Math.min(at, file.length);
    }

    /** Skips indentation and folded line breaks. */
    private int find(int wanted, int from) {
        int at = from;
        while (at < file.length && !stands(wanted, at) && (Character.isWhitespace(file[at]) || isContinued(at))) {
            at++;
        }
        return at;
    }

    private boolean isContinued(int at) {
        return style == ScalarStyle.DOUBLE_QUOTED && file[at] == ESCAPE && at + 1 < file.length && file[at + 1] == '\n';
    }

    private boolean stands(int wanted, int at) {
        return file[at] == wanted
                || (wanted == ' ' && file[at] == '\n')
                || (style == ScalarStyle.DOUBLE_QUOTED && file[at] == ESCAPE && !isContinued(at));
    }

    private int width(int at) {
        if (style == ScalarStyle.SINGLE_QUOTED && file[at] == '\'') {
            return 2;
        }
        if (style != ScalarStyle.DOUBLE_QUOTED || file[at] != ESCAPE || at + 1 >= file.length) {
            return 1;
        }
        return switch (file[at + 1]) {
            case 'x' -> 4;
            case 'u' -> 6;
            case 'U' -> 10;
            default -> 2;
        };
    }

    private int nextLine(int from) {
        int at = from;
        while (at < file.length && file[at] != '\n') {
            at++;
        }
        return Math.min(at + 1, file.length);
    }

    /** Returns the line of an index, from 1. */
    int line(int index) {
        int line = 1;
        for (int i = 0; i < index; i++) {
            line += file[i] == '\n' ? 1 : 0;
        }
        return line;
    }

    /** Returns the column of an index, from 1. */
    int column(int index) {
        int column = 1;
        for (int i = index - 1; i >= 0 && file[i] != '\n'; i--) {
            column++;
        }
        return column;
    }
}
