# Indents JSON with awk, because not every machine has jq or Python.
# shellcheck shell=bash

# Puts each member and element of the JSON on standard input on a line of its own.
indent_json() {
  awk '
    function line_break() { printf "\n%*s", depth * 2, "" }
    {
      for (i = 1; i <= length($0); i++) {
        c = substr($0, i, 1)
        if (in_string) {
          if (c == "\\") c = c substr($0, ++i, 1)
          else if (c == "\"") in_string = 0
          printf "%s", c
        } else if (c == "{" || c == "[") {
          printf "%s", c
          if (substr($0, i + 1, 1) ~ /[]}]/) printf "%s", substr($0, ++i, 1)
          else { depth++; line_break() }
        } else if (c == "}" || c == "]") { depth--; line_break(); printf "%s", c }
        else if (c == ",") { printf "%s", c; line_break() }
        else if (c == ":") printf ": "
        else if (c != " ") {
          if (c == "\"") in_string = 1
          printf "%s", c
        }
      }
    }
    END { printf "\n" }'
}
