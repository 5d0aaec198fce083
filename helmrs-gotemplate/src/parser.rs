//! The parser: tokens in, trees out.
// Parity: Go, text/template/parse/parse.go, whose errors these are.

mod pipeline;

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::ast::{Action, Branch, Command, Expression, Invocation, Node, Run, Script, Span, Tree};
use crate::error::{Place, TemplateError};
use crate::functions::{Functions, Registered};
use crate::lexer::Lexer;
use crate::literal;
use crate::number::quote;
use crate::stack::deepen;
use crate::token::{LexError, Token, TokenKind};
use crate::value::Text;

/// What a step of parsing gives.
type Parsing<T> = Result<T, Failure>;

/// Why a step failed; small, because what most steps give is.
struct Failure(Box<TemplateError>);

/// What a text defines: its own tree, and those of its `define`s and `block`s.
#[derive(Debug)]
pub(crate) struct Parsed {
    pub(crate) main: Rc<Tree>,
    /// Sorted by name.
    pub(crate) definitions: Vec<Rc<Tree>>,
    /// Whether a `define` has the name of the text, so that the name decides what comes of it.
    names_itself: bool,
}

/// Tells whether a text is only text, so that it is its own output.
pub(crate) fn is_plain(text: &[u8]) -> bool {
    crate::lexer::find(text, crate::lexer::LEFT_DELIM).is_none()
}

impl Parsed {
    /// Finds a template.
    pub(crate) fn get(&self, name: &[u8]) -> Option<&Rc<Tree>> {
        if *self.main.name == *name {
            return Some(&self.main);
        }
        let place = self
            .definitions
            .binary_search_by(|tree| (*tree.name).cmp(name))
            .ok()?;
        Some(&self.definitions[place])
    }

    /// Returns what the same text is under another name; none if it must be parsed to tell.
    pub(crate) fn renamed(&self, name: &str) -> Option<Self> {
        let clashes = |tree: &Rc<Tree>| *tree.name == *name.as_bytes();
        if self.names_itself || self.definitions.iter().any(clashes) {
            return None;
        }
        let file: Rc<str> = name.into();
        let renamed = |tree: &Rc<Tree>| Tree {
            file: Rc::clone(&file),
            ..Tree::clone(tree)
        };
        Some(Self {
            main: Rc::new(Tree {
                name: name.into(),
                ..renamed(&self.main)
            }),
            definitions: self
                .definitions
                .iter()
                .map(|tree| Rc::new(renamed(tree)))
                .collect(),
            names_itself: false,
        })
    }
}

/// Parses a text under a name.
pub(crate) fn parse(
    name: &str,
    text: &Text,
    functions: &Functions,
) -> Result<Parsed, TemplateError> {
    let mut parser = Parser {
        lexer: Lexer::new(text),
        text,
        name,
        functions,
        known: [const { None }; KNOWN],
        tree: TreeState::new(),
        variables: BTreeMap::from([(&b"$"[..], 0)]),
        script: Script {
            text: text.clone(),
            ..Script::default()
        },
        nodes: Vec::new(),
        commands: Vec::new(),
        expressions: Vec::new(),
        definitions: BTreeMap::new(),
        end: 0,
    };
    let names_itself = parser.parse().map_err(|Failure(error)| *error)?;
    parser.script.shrink();
    let (script, mut roots) = (Rc::new(parser.script), parser.definitions);
    let file: Rc<str> = name.into();
    let tree = |name, root| {
        Rc::new(Tree {
            name,
            file: Rc::clone(&file),
            script: Rc::clone(&script),
            root,
        })
    };
    let (main, root) = roots
        .remove_entry(name.as_bytes())
        .expect("the whole text was just defined, or its name before it");
    Ok(Parsed {
        main: tree(main, root),
        definitions: roots
            .into_iter()
            .map(|(name, root)| tree(name, root))
            .collect(),
        names_itself,
    })
}

/// How many names of functions are remembered.
const KNOWN: usize = 64;

struct Parser<'t> {
    lexer: Lexer<'t>,
    text: &'t [u8],
    name: &'t str,
    functions: &'t Functions,
    /// Functions found before, each where its name leads ([`Parser::function`]).
    known: [Option<(&'t [u8], &'t Rc<Registered>)>; KNOWN],
    tree: TreeState<'t>,
    /// A number for each name of a variable.
    variables: BTreeMap<&'t [u8], u32>,
    script: Script,
    /// Nodes of lists, commands of pipelines and words of commands that are not complete yet.
    nodes: Vec<Node>,
    commands: Vec<Command>,
    expressions: Vec<Expression>,
    definitions: BTreeMap<Text, Run>,
    /// Where the last token that was taken ends.
    end: usize,
}

/// What is known while one tree is parsed; a `define` or `block` starts anew.
struct TreeState<'t> {
    /// Up to three tokens, the one read last first.
    tokens: [Token<'t>; 3],
    /// How many of them are to be read again.
    pending: usize,
    /// The variables in sight, with the numbers of their names.
    variables: Vec<(&'t [u8], u32)>,
    /// Where the action being parsed starts.
    action: Option<usize>,
    range_depth: usize,
    paren_depth: usize,
}

impl TreeState<'_> {
    fn new() -> Self {
        let nothing = Token {
            kind: TokenKind::Eof,
            start: 0,
            text: &[],
        };
        Self {
            tokens: [nothing; 3],
            pending: 0,
            variables: vec![(b"$", 0)],
            action: None,
            range_depth: 0,
            paren_depth: 0,
        }
    }
}

/// Moves rows that are complete, those from `mark` on, into their table.
fn complete<T>(rows: &mut Vec<T>, mark: usize, table: &mut Vec<T>) -> Run {
    let start = table.len() as u32;
    if rows.len() == mark + 1 {
        table.extend(rows.pop());
    } else {
        table.extend(rows.drain(mark..));
    }
    Run {
        start,
        end: table.len() as u32,
    }
}

/// How a list of nodes ended.
enum Ending {
    End,
    Else,
}

impl Ending {
    fn text(&self) -> &'static str {
        match self {
            Self::End => "{{end}}",
            Self::Else => "{{else}}",
        }
    }
}

/// A node, or the end of the list it would stand in.
enum Item {
    Node(Node),
    Ending(Ending),
}

/// Which of the three actions with a body.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Control {
    If,
    With,
    Range,
}

impl Control {
    fn word(self) -> &'static str {
        match self {
            Self::If => "if",
            Self::With => "with",
            Self::Range => "range",
        }
    }

    fn node(self, branch: Branch) -> Node {
        match self {
            Self::If => Node::If(branch),
            Self::With => Node::With(branch),
            Self::Range => Node::Range(branch),
        }
    }
}

impl<'t> Parser<'t> {
    fn next(&mut self) -> Token<'t> {
        if self.tree.pending > 0 {
            self.tree.pending -= 1;
        } else {
            self.tree.tokens[0] = self.lexer.next_token();
        }
        let token = self.tree.tokens[self.tree.pending];
        self.end = token.start + token.text.len();
        token
    }

    fn backup(&mut self) {
        self.tree.pending += 1;
    }

    fn peek(&mut self) -> Token<'t> {
        if self.tree.pending == 0 {
            self.tree.tokens[0] = self.lexer.next_token();
            self.tree.pending = 1;
        }
        self.tree.tokens[self.tree.pending - 1]
    }

    fn next_word(&mut self) -> Token<'t> {
        loop {
            let token = self.next();
            if token.kind != TokenKind::Space {
                return token;
            }
        }
    }

    fn peek_word(&mut self) -> Token<'t> {
        let token = self.next_word();
        self.backup();
        token
    }

    fn expect(&mut self, kind: TokenKind, context: &str) -> Parsing<Token<'t>> {
        let token = self.next_word();
        if token.kind == kind {
            Ok(token)
        } else {
            Err(self.unexpected(token, context))
        }
    }

    fn line_of(&self, offset: usize) -> usize {
        Place::of(self.text, offset).line
    }

    /// Makes an error at the token read last, which may be one ahead of the one at fault.
    #[cold]
    fn error(&self, message: impl Into<String>) -> Failure {
        Failure(Box::new(TemplateError::Parse {
            template: self.name.to_owned(),
            line: self.line_of(self.tree.tokens[0].start),
            message: message.into(),
        }))
    }

    #[cold]
    fn unexpected(&self, token: Token<'t>, context: &str) -> Failure {
        let TokenKind::Error(error) = token.kind else {
            return self.error(format!("unexpected {token} in {context}"));
        };
        let started = self.tree.action.map(|start| self.line_of(start));
        let Some(started) = started.filter(|line| *line != self.line_of(token.start)) else {
            return self.error(token.to_string());
        };
        let within = if error == LexError::UnclosedAction {
            ""
        } else {
            " in action"
        };
        self.error(format!(
            "{token}{within} started at {}:{started}",
            self.name
        ))
    }

    fn span_from(&self, start: usize) -> Span {
        span(start, self.end)
    }

    /// Refuses a text whose places do not fit the tree.
    fn check_length(&self) -> Parsing<()> {
        if u32::try_from(self.text.len()).is_err() {
            return Err(self.error("template too long"));
        }
        Ok(())
    }

    /// Keeps the root of a tree; of two with the same name, one must be empty.
    fn define(&mut self, name: Text, root: Run) -> Parsing<()> {
        match self.definitions.get(&name) {
            Some(old) if !self.script.is_blank(*old) => {
                if self.script.is_blank(root) {
                    return Ok(());
                }
                let name = quote(&name);
                Err(self.error(format!("template: multiple definition of template {name}")))
            }
            _ => {
                self.definitions.insert(name, root);
                Ok(())
            }
        }
    }

    /// Parses the text and keeps all it defines; tells whether a `define` has the text's own name.
    fn parse(&mut self) -> Parsing<bool> {
        self.check_length()?;
        let root = self.whole()?;
        let names_itself = self.definitions.contains_key(self.name.as_bytes());
        self.define(self.name.into(), root)?;
        Ok(names_itself)
    }

    /// Parses the whole text.
    fn whole(&mut self) -> Parsing<Run> {
        let mark = self.nodes.len();
        while self.peek().kind != TokenKind::Eof {
            if self.peek().kind == TokenKind::LeftDelim {
                let delimiter = self.next();
                if self.next_word().kind == TokenKind::Define {
                    self.definition()?;
                    continue;
                }
                self.tree.tokens[1] = delimiter;
                self.tree.pending = 2;
            }
            match self.text_or_action()? {
                Item::Node(node) => self.nodes.push(node),
                Item::Ending(ending) => {
                    return Err(self.error(format!("unexpected {}", ending.text())));
                }
            }
        }
        Ok(complete(&mut self.nodes, mark, &mut self.script.nodes))
    }

    /// Parses the rest of a `define`.
    fn definition(&mut self) -> Parsing<()> {
        const CONTEXT: &str = "define clause";
        let outer = std::mem::replace(&mut self.tree, TreeState::new());
        let token = self.next_word();
        let name = self.template_name(token, CONTEXT)?;
        self.expect(TokenKind::RightDelim, CONTEXT)?;
        let (root, ending) = self.list()?;
        if let Ending::Else = ending {
            return Err(self.error(format!("unexpected {} in {CONTEXT}", ending.text())));
        }
        self.define(name, root)?;
        self.tree = outer;
        Ok(())
    }

    /// Parses nodes up to `end` or `else`.
    fn list(&mut self) -> Parsing<(Run, Ending)> {
        let mark = self.nodes.len();
        while self.peek_word().kind != TokenKind::Eof {
            match self.text_or_action()? {
                Item::Node(node) => self.nodes.push(node),
                Item::Ending(ending) => {
                    let nodes = complete(&mut self.nodes, mark, &mut self.script.nodes);
                    return Ok((nodes, ending));
                }
            }
        }
        Err(self.error("unexpected EOF"))
    }

    fn text_or_action(&mut self) -> Parsing<Item> {
        let token = self.next_word();
        match token.kind {
            TokenKind::Text => Ok(Item::Node(Node::Text(self.span_from(token.start)))),
            TokenKind::LeftDelim => {
                self.tree.action = Some(token.start);
                let item = self.action();
                self.tree.action = None;
                item
            }
            _ => Err(self.unexpected(token, "input")),
        }
    }

    fn action(&mut self) -> Parsing<Item> {
        let token = self.next_word();
        let node = match token.kind {
            TokenKind::Block => self.block()?,
            TokenKind::Break => self.leave(Node::Break, "{{break}}")?,
            TokenKind::Continue => self.leave(Node::Continue, "{{continue}}")?,
            TokenKind::Else => return self.otherwise(),
            TokenKind::End => {
                self.expect(TokenKind::RightDelim, "end")?;
                return Ok(Item::Ending(Ending::End));
            }
            TokenKind::If => self.control(Control::If)?,
            TokenKind::Range => self.control(Control::Range)?,
            TokenKind::With => self.control(Control::With)?,
            TokenKind::Template => self.invocation()?,
            _ => {
                self.backup();
                let start = self.peek().start;
                let pipe = self.pipeline("command", TokenKind::RightDelim)?;
                Node::Action(Action {
                    span: self.span_from(start),
                    pipe,
                })
            }
        };
        Ok(Item::Node(node))
    }

    fn leave(&mut self, node: Node, name: &str) -> Parsing<Node> {
        self.expect(TokenKind::RightDelim, name)?;
        if self.tree.range_depth == 0 {
            return Err(self.error(format!("{name} outside {{{{range}}}}")));
        }
        Ok(node)
    }

    /// Parses the rest of an `else`; what follows in `else if` and `else with` is left to be read.
    fn otherwise(&mut self) -> Parsing<Item> {
        let token = self.peek_word();
        if !matches!(token.kind, TokenKind::If | TokenKind::With) {
            self.expect(TokenKind::RightDelim, "else")?;
        }
        Ok(Item::Ending(Ending::Else))
    }

    fn control(&mut self, control: Control) -> Parsing<Node> {
        deepen(|| {
            let in_sight = self.tree.variables.len();
            let node = self.branch(control)?;
            self.tree.variables.truncate(in_sight);
            Ok(node)
        })
    }

    fn branch(&mut self, control: Control) -> Parsing<Node> {
        let pipe = self.pipeline(control.word(), TokenKind::RightDelim)?;
        let range = usize::from(control == Control::Range);
        self.tree.range_depth += range;
        let (body, ending) = self.list()?;
        self.tree.range_depth -= range;
        let otherwise = match ending {
            Ending::End => Run::default(),
            Ending::Else => self.else_body(control)?,
        };
        Ok(control.node(Branch {
            pipe,
            body,
            otherwise,
        }))
    }

    /// Parses what follows an `else`, where `else if` and `else with` need no `end` of their own.
    fn else_body(&mut self, control: Control) -> Parsing<Run> {
        let next = self.peek().kind;
        if control == Control::If && next == TokenKind::If
            || control == Control::With && next == TokenKind::With
        {
            self.next();
            let node = self.control(control)?;
            let mark = self.nodes.len();
            self.nodes.push(node);
            return Ok(complete(&mut self.nodes, mark, &mut self.script.nodes));
        }
        match self.list()? {
            (nodes, Ending::End) => Ok(nodes),
            (_, ending @ Ending::Else) => {
                Err(self.error(format!("expected end; found {}", ending.text())))
            }
        }
    }

    fn block(&mut self) -> Parsing<Node> {
        const CONTEXT: &str = "block clause";
        let token = self.next_word();
        let name = self.template_name(token, CONTEXT)?;
        let pipe = self.pipeline(CONTEXT, TokenKind::RightDelim)?;
        let span = self.span_from(token.start);
        let outer = std::mem::replace(&mut self.tree, TreeState::new());
        let (root, ending) = deepen(|| self.list())?;
        if let Ending::Else = ending {
            self.tree = outer;
            return Err(self.error(format!("unexpected {} in {CONTEXT}", ending.text())));
        }
        self.define(name.clone(), root)?;
        self.tree = outer;
        Ok(Node::Template(Box::new(Invocation {
            span,
            name,
            pipe: Some(pipe),
        })))
    }

    fn invocation(&mut self) -> Parsing<Node> {
        const CONTEXT: &str = "template clause";
        let token = self.next_word();
        let name = self.template_name(token, CONTEXT)?;
        let mut pipe = None;
        if self.next_word().kind != TokenKind::RightDelim {
            self.backup();
            pipe = Some(self.pipeline(CONTEXT, TokenKind::RightDelim)?);
        }
        Ok(Node::Template(Box::new(Invocation {
            span: self.span_from(token.start),
            name,
            pipe,
        })))
    }

    fn template_name(&mut self, token: Token<'t>, context: &str) -> Parsing<Text> {
        if !matches!(token.kind, TokenKind::String | TokenKind::RawString) {
            return Err(self.unexpected(token, context));
        }
        literal::unquote(token.text).map_err(|message| self.error(message))
    }
}

fn span(start: usize, end: usize) -> Span {
    Span {
        start: start as u32,
        end: end.max(start) as u32,
    }
}
