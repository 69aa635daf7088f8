/*
 * The selection language; its meaning is told in the package io.millrace.dataset.filter.
 *
 * Names are one kind of token, whatever they name: which fields there are, and what may be compared
 * with what, is checked on the tree, where a message can say it in the words of the domain.
 */
grammar Selection;


selection
    : disjunction EOF
    ;

disjunction
    : conjunction (OR conjunction)*
    ;

conjunction
    : negation (AND negation)*
    ;

negation
    : NOT negation   # Not
    | primary        # Plain
    ;

primary
    : LEFT disjunction RIGHT   # Group
    | (TRUE | FALSE)           # Constant
    | field condition?         # Test
    ;

condition
    : comparator literal     # Comparison
    | IS NOT? NULL           # Absence
    | NOT? valueTest         # Positive
    ;

valueTest
    : IN LEFT literal (COMMA literal)* RIGHT   # Membership
    | LIKE literal                             # Pattern
    | BETWEEN literal AND literal              # Range
    ;

comparator
    : EQUAL
    | NOT_EQUAL
    | LESS
    | AT_MOST
    | GREATER
    | AT_LEAST
    ;

field
    : name (DOT name)?
    ;

name
    : WORD
    | QUOTED
    ;

literal
    : TEXT
    | NUMBER
    | TRUE
    | FALSE
    | WORD
    ;

AND     : A N D ;
OR      : O R ;
NOT     : N O T ;
IN      : I N ;
LIKE    : L I K E ;
BETWEEN : B E T W E E N ;
IS      : I S ;
NULL    : N U L L ;
TRUE    : T R U E ;
FALSE   : F A L S E ;

LEFT      : '(' ;
RIGHT     : ')' ;
COMMA     : ',' ;
DOT       : '.' ;
EQUAL     : '=' | '==' ;
NOT_EQUAL : '!=' | '<>' ;
LESS      : '<' ;
AT_MOST   : '<=' ;
GREATER   : '>' ;
AT_LEAST  : '>=' ;

/* A number, a size with its unit included: 25MB, 1.5GiB. */
NUMBER : [+-]? DIGIT+ ('.' DIGIT+)? ([eE] [+-]? DIGIT+)? LETTER* ;
/* Letters of any script, so that property.天气 needs no quotes. */
WORD   : LETTER (LETTER | DIGIT | '-')* ;
/* A quote within is doubled. */
TEXT   : '\'' (~'\'' | '\'\'')* '\'' ;
QUOTED : '"' (~'"' | '""')+ '"' ;

SPACE : [\p{White_Space}]+ -> skip ;
/* An opening quote without its end, said as such; it wins only where TEXT and QUOTED do not match. */
UNCLOSED : ('\'' | '"') ;
/* Everything else is a token too, so that the parser and not the lexer says what is wrong. */
UNKNOWN : . ;

fragment LETTER : [\p{Alpha}_] ;
fragment DIGIT  : [0-9] ;
fragment A : [aA] ;
fragment B : [bB] ;
fragment D : [dD] ;
fragment E : [eE] ;
fragment F : [fF] ;
fragment I : [iI] ;
fragment K : [kK] ;
fragment L : [lL] ;
fragment N : [nN] ;
fragment O : [oO] ;
fragment R : [rR] ;
fragment S : [sS] ;
fragment T : [tT] ;
fragment U : [uU] ;
fragment W : [wW] ;
