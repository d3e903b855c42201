/**
 * What people call things, and what APIs call them: general English and the words that APIs of many
 * products share, written for this index. Words that belong together are joined by `_`.
 */

/** Words of a line stand for each other. */
export const SYNONYMS = `
repository repo
pull_request pr merge_request
issue ticket bug
organization org
organization company firm business
account user
user person member
employee staff worker
colleague coworker teammate peer
customer client buyer shopper consumer purchaser
merchant seller vendor
supplier vendor
boss manager supervisor
admin administrator
guest visitor
subscriber follower
author creator
contributor collaborator
participant attendee
group team
folder directory
file document
attachment asset
picture image photo
avatar photo picture icon
video clip
recording record
song track
film movie
tag label
category genre
kind type
version release
version revision
branch ref reference
comment remark note
note memo
reply answer response
feedback review
summary overview
star favorite favourite bookmark
like upvote thumb_up thumbs_up
emoji emoticon smiley
workflow pipeline
job task
task todo to_do
run execution
project board
milestone goal
deadline due_date
website site
page view
link url address
address location
password passphrase
secret credential password
token key credential
certificate cert
two_factor 2fa mfa
login sign_in signin log_in
login session
logout sign_out signout log_out
permission right privilege
permission access
role permission
alert warning alarm
notification notice alert
webhook hook callback
event activity
audit log
log trace
policy rule
limit quota cap
limit restriction restrict
block ban
blacklist blocklist denylist block_list
whitelist allowlist allow_list
spam abuse
fraud scam
firewall network_policy security_group
vulnerability weakness
payment transaction
charge payment
money fund
money cash
balance fund
income revenue earning
payout withdrawal
deposit topup top_up
card credit_card debit_card
invoice bill
refund reimbursement repayment
refund money_back give_back pay_back
dispute chargeback
coupon voucher
coupon discount
coupon promotion promo
discount rebate
subscription membership
subscription plan
plan tier package
price cost
fee charge
tax vat gst
quote quotation estimate
quote offer
currency money
exchange_rate conversion_rate
order purchase
cart basket
checkout payment
shop store
product item article
stock inventory
shipping shipment delivery
parcel package shipment
contract agreement
usage consumption
statistic stats metric analytics
report statement
pod container
node machine server host
server machine host instance vm virtual_machine droplet
instance replica
app application
deployment rollout
scale resize
cron schedule scheduled
config configuration setting preference
option setting
variable parameter
volume disk storage drive
memory ram
space storage
database db
table sheet
row record entry
column field property attribute
cluster farm
domain hostname
proxy gateway
ingress route
tunnel forward
exec execute run
snapshot backup
backup export
archive zip tar
health status
status state
version build
fail failure error crash
upgrade update
migrate migration
schema definition
queue topic
message post
message dm direct_message chat
chat conversation channel room
thread discussion conversation
email mail e_mail
mailbox inbox
sms text_message
phone telephone
call phone ring
meeting appointment event
calendar agenda
schedule plan
reminder nudge
remind reminder
presence availability
mute snooze silence
do_not_disturb dnd
country nation
region area zone
language locale
translation language
contact person
lead prospect
deal opportunity
campaign promotion
survey form questionnaire
question query
template blueprint
example sample
copy duplicate clone
fork copy
transfer move hand_over
move relocate
share link
invite invitation
join enter
leave exit quit
follow subscribe watch
unfollow unsubscribe unwatch
approve accept
approve allow permit
reject decline deny refuse
dismiss ignore
cancel abort stop
cancel call_off
stop end terminate halt
finish complete
close resolve complete
reopen restore
enable activate turn_on switch_on
disable deactivate turn_off switch_off shut_off
pause suspend
resume continue unpause
suspend block
restart reboot
retry rerun redo
revert undo rollback roll_back
restore recover undelete bring_back
merge combine join
sync synchronize
lock freeze
unlock unfreeze
hide conceal
pin stick
send deliver
publish release announce
deploy release ship roll_out
upload attach
download export
import load
search find look_up lookup
compare difference diff
verify check validate
confirm verify
test try
connect link
disconnect unlink detach
attach assign
assign delegate give
grant give assign
revoke withdraw remove take_away
remove take_off take_away
delete get_rid throw_away throw_out
kick throw_out remove expel
evict expel
add put
append add
rename name
store save keep
register sign_up enroll
start trigger launch
run trigger execute
monitor watch
upcoming next future
latest newest last recent
old previous past earlier
public visible
private hidden secret
open active
total sum
count number
amount sum
reserve hold
capture collect
collect gather
sum total amount
picture logo
thumbnail preview
username handle nickname login_name
credential login
log_out sign_off
role rights
preference taste
locale language culture
phone mobile cell number
text_message sms
letter mail
subject title headline
body content
title name heading
caption subtitle label
excerpt extract snippet
paragraph section block
chapter section
book publication
article post story
journal diary magazine
news headline
feed stream timeline
poll vote survey
vote ballot
score rating grade mark
rating review
rank position
leaderboard ranking
badge award trophy
reward bonus prize
point credit
gift present
gift_card voucher
loyalty reward
wishlist favorite
cheap price
rental hire rent lease
hire employ recruit
vacancy job position opening
resume cv
salary wage pay payroll
expense cost spending
budget allowance
bank_account iban
credit loan
loan mortgage
debt loan
debit charge
ledger book account
settlement clearing
currency forex
wire transfer
wallet purse
crypto cryptocurrency bitcoin
stock share security
portfolio holding
trade deal
quote price
insurance policy cover
claim damage
flight plane airplane
hotel lodging accommodation
room chamber
trip journey travel
booking reservation
cancel call_off
ticket pass
seat place
car vehicle automobile
driver chauffeur
ride trip
route direction itinerary
distance length
coordinate position geocode latitude longitude
nearby nearest close_by around
city town
state province
zip postcode postal_code
building house property
office site
school college university
course class lesson
student pupil learner
teacher instructor tutor
exam test quiz
doctor physician
patient client
medicine drug medication
disease illness
recipe dish
meal food
restaurant diner
weather climate
forecast prediction outlook
temperature heat
sensor detector
measurement reading
alarm alert
outage downtime
incident outage
uptime availability
latency delay
traffic bandwidth
request call
response reply
error failure
exception error
crash failure
debug troubleshoot
performance speed
benchmark test
experiment trial
feature_flag flag toggle
flag mark report
moderate review
spam junk
trash bin recycle_bin
draft unsent
signature sign
e_signature esign signature
envelope package
form application
field box
answer response
question faq
knowledge_base help article
help support
support_ticket ticket case
case ticket
agent representative rep
queue line waiting
shift rota roster
absence leave time_off holiday vacation
attendance presence
timesheet time_entry hours
time_entry time_log
department division unit
branch office location
headquarters office
subsidiary child
parent owner
hierarchy tree
relation relationship link
friend contact
follower fan
profile bio
biography bio
birthday birth_date date_of_birth
age year
gender sex
picture_of_me avatar
cover banner
theme style skin
color colour
font typeface
layout design
screen display
window frame
widget component
button control
menu navigation
icon symbol
extension plugin addon add_on
integration connection app
api_key key
oauth authorization
sso single_sign_on
saml sso
consent permission agreement
privacy gdpr
personal_data privacy
anonymize anonymise redact
encrypt encode
decrypt decode
hash digest checksum
signature hash
bucket container folder
object file
blob object file
upload put
cache cached
invalidate purge flush
purge flush empty clear
replica copy mirror
mirror replica sync
shard partition
index catalog
catalog catalogue
key_value kv
lambda function
function method procedure
trigger event
timer schedule
batch bulk mass
bulk many multiple several
import ingest
etl import
pipeline flow
flow process
stage step phase
step stage
transition move
state status
history log
timeline history
changelog history release_note
release_note changelog
diff difference
revision version
branch fork
tag version
commit change
merge join
conflict clash
build compile
test check
coverage cover
lint check
deploy ship
rollback revert
environment stage
sandbox test playground
production live
domain_name domain
dns_record record
nameserver dns
ip_address ip
subnet network
vpc network
vpn tunnel
port socket
load_balancer balancer
ssl_certificate certificate
ssh_key key
image template
snapshot image
volume disk
power boot
reboot restart power_cycle
boot start
shut_down stop power_off
power_off stop
power_on start
resize scale
console terminal
region datacenter data_center
zone region
chat_room room channel
broadcast announce
announcement notice
mention tag
direct_message dm
unread new
read_receipt read
typing write
voice audio
audio sound
speech voice
speak say
transcript transcription
subtitle caption
play start
stop halt
skip next
rewind previous
shuffle random
random arbitrary
repeat loop
queue playlist
mix playlist
genre style
episode show
show series program
channel station
station stop
radio station
movie film
trailer preview
actor cast
lyrics text
photo snapshot
gallery album
album collection
collection group set
set group
increase raise grow expand
decrease reduce lower shrink
spread distribute balance
split divide break
listen play hear
watch view
now current currently right_now
go_back rollback revert
wait depend
dependency prerequisite
progress status
begin start
shut close
assist help
forget lose
choose select pick
allow let
forbid prevent
protect secure guard
sort order reorder
arrange reorder
hear listen
teach train
learn train
guess predict estimate
count tally
gather collect
pair match
swap exchange replace
split separate
fetch download
fill complete
empty clear purge
clean purge clear
wipe reset
undo reset
reset renew
tie link
borrow loan
bring import
take_over transfer
hand_in submit
turn_in submit
carry_out execute run
set_up configure create
fill_in complete
fill_out complete
sign_off approve
find_out check
point_out report
put_off postpone
postpone delay reschedule
reschedule move
delay wait
hurry expedite
wake start resume
once_more again retry rerun
recover restore get_back
stream broadcast live
nuisance unwanted annoying spam
participant attendee joined
absent missing no_show
note_down record log
work effort
effort work
correct valid right
check lint validate
away archive
put_away archive
belong relate link
together related link
spend use
tell say write announce
container instance
turn_off switch_off shut_off shut_down shutdown power_off stop
turn_on switch_on power_on boot start
watcher follower subscriber
approve say_yes
accept give_in agree
decline turn_down say_no
freeze pause
plug_in connect attach plug
unplug disconnect detach
force kill
kill end terminate
start_over rebuild reset
free_up prune purge clean_up
clean_up cleanup prune purge
throw_away discard
author creator owner
boss owner
hire employ
earn wage salary
own possess
buyer customer
shopper customer
fetch pull get
pull fetch
hub registry
marketplace store
push upload
full capacity
left remaining
reserve capture
difference change
output result
program process
program application
stolen lost
broken failed
outside external
inside internal
worldwide global
everywhere global cluster
night daily
colleague member
teammate member
staff member
sleep pause suspend
`

/** The word on the left may be meant by any of the words on the right. */
export const MEANINGS = `
issue: problem defect fault error
comment: reply feedback say
repository: project codebase code_base source
content: file text read body
branch: line
commit: change history
compare: change between
pull_request: change proposal propose merge contribution
review: approve approval feedback look_at look_over check_over sign_off
reviewer: teammate colleague approver
approval: approve allow
collaborator: access teammate colleague permission share
member: user person people colleague employee someone
membership: join belong
assignee: assign give responsible owner colleague
release: publish version ship
asset: binary attachment attach
tag: mark version
label: category mark
milestone: deadline
workflow: automation ci build
action: automation ci
run: build start
job: build work
dispatch: trigger start manual manually by_hand
artifact: output build
check: build test ci
deployment: release app ship launch
environment: stage
secret: password key
variable: environment setting
runner: machine agent worker
traffic: visit visitor view popularity
statistic: how_many activity
reaction: like emoji smiley thumb_up thumbs_up heart
subscription: watch recurring monthly month yearly
archive: download
protection: prevent forbid protect restrict stop
ruleset: rule prevent protect
scanning: scan leak detect
advisory: vulnerability warning
alert: problem leak leaked exposed vulnerability
webhook: notify inform tell told notification url call push ping server happen
endpoint: url address
event: happen occur happened wrong history
hook: notify call
notification: notify inform inbox tell
gist: snippet paste
snippet: paste
blob: file
transfer: owner ownership give pay send
invitation: ask
topic: tag subject

customer: user person
account: profile customer merchant
onboard: register
payment: pay money
charge: pay bill take
intent: payment
payment_method: card bank
payment_link: pay url page
checkout: pay buy purchase
session: visit
capture: take collect settle
authorization: hold reserve reserved
refund: return money_back give_back
reversal: undo refund
payout: bank withdraw earning income money
transfer: money fund
balance: money fund available
topup: add money fund load deposit
invoice: owe owed unpaid due outstanding receipt
invoice_item: fee extra one_off line
line: item
finalize: issue
void: cancel
uncollectible: bad_debt write_off
upcoming: preview
coupon: percent off
promotion: code discount
price: amount fee tier
plan: price
portal: self_service manage themselves
dispute: contest challenge fight
evidence: proof
warning: suspicious
fraud: suspicious risk
review: suspicious
block: fraud
tax: percent
rate: percent conversion
exchange: currency conversion convert
calculation: compute calculate
identity: id_card id_document passport license licence document proof who
verification: check identity passport
cardholder: employee owner
issuing: issue
terminal: machine device till point_of_sale
reader: machine device terminal scanner
quote: proposal price_offer
usage: meter metered
mandate: permission agreement
person: owner
detach: remove take_off
attach: add save

pod: instance process
log: output print printed console say
exec: command shell terminal
scale: replica number more grow shrink
replica: copy instance
autoscaler: automatic automatically auto scale busy load grow
node: computer hardware
namespace: environment project workspace tenant
permission: allowed_to entitled rights
access: allowed_to
user: who
member: who
person: who
collaborator: who
authenticated_user: who_am_i myself logged_in
current_user: who_am_i myself logged_in
identity: who_am_i
secret: certificate
service: expose network port load_balancer endpoint
ingress: expose internet public outside web domain http
network_policy: firewall isolate
claim: request ask ask_for demand
storage: disk
stateful: database stable persistent ordered
daemon: agent background
cron: night nightly daily hourly weekly monthly periodic regularly recurring repeat every timer
job: batch once
service_account: identity robot bot machine_user
token: identity
role: right allow may
role_binding: grant permission right access give who
binding: grant give assign
quota: limit resource budget
resource: memory cpu
eviction: evict drain move_off
priority: important urgent
custom_resource: own extend
definition: type
signing: sign
certificate: tls ssl https
status: progress ready condition how
version: release software
patch: change modify
rollout: update
restart: update patch
lease: leader lock

message: write tell say speak post text hello
ephemeral: temporary only_visible
conversation: channel room chat
history: past previous so_far earlier
reply: answer respond thread
thread: answer
presence: online available away active
snooze: disturb mute quiet bother interrupt
reminder: remember
pin: sticky
kick: remove
user: everyone everybody people who someone somebody
update: fix correct edit
profile: about
lookup: find
archive: close
email: address
file: document photo
search: find
schedule: later
job: position vacancy
candidate: applicant
order: buy bought
product: catalog
fulfillment: ship shipping deliver
variant: size color
inventory: available
location: where place shop store
map: location
route: direction way
playlist: mix list
track: music song
album: record
artist: musician band singer
player: play playback
volume: loud loudness
device: phone speaker
follower: fan
recommendation: suggest suggestion
task: work
subtask: child
story: ticket
sprint: iteration
section: column
assignee: person
domain: dns website
record: dns
droplet: server machine
firewall: rule
snapshot: copy
image: snapshot
load_balancer: distribute
certificate: secure
key: ssh
metric: measure measurement graph
dashboard: graph chart overview
incident: outage problem
on_call: duty
contact: customer
campaign: newsletter mailing
audience: recipient
list: mailing
template: design
opportunity: sale
pipeline: stage
form: response
recording: call
transcript: text
participant: attendee
meeting: call
calendar: event
event: meeting appointment
availability: free busy
attendee: guest invite
document: page
block: paragraph
page: document
database: table
query: filter
view: see
export: report
column: field
model: ai
completion: generate answer
embedding: vector
transcription: speech
search: find look looking lookup where
status: state progress how ready
account: profile login user
token: credential key pass
settings: preference option configure setup
setting: preference option configure setup
config: setting setup
history: past earlier previous log
usage: used consumption how_much
payment: money buy bought
notification: tell inform alert notify told
subscription: follow newsletter plan
link: url share
password: pin
reset: forgot forgotten lost
schedule: later when plan appointment
session: logged_in login visit
login: sign_in enter
template: reusable blueprint
profile: about bio picture
transaction: payment money purchase
contact: address_book person phone
role: admin right position
invitation: invite join
availability: free slot open busy
address: where live street
metric: statistic number measure how_many
statistic: number count how_many report
count: how_many number
balance: left remaining how_much
pricing: price cost how_much
cost: price how_much expensive
price: how_much expensive
credit: balance money
language: translate speak
job: background work
share: give show
organization: company team
sync: update refresh
media: photo picture video image
asset: file media
license: seat
view: look
blocks: banned
certificate: ssl https secure
feed: news post
folder: directory
inventory: stock left available
delivery: shipping arrive courier track
shipment: parcel package delivery track
tracking: parcel package where follow
refund: cancel money return
brand: company logo
alert: warn warning alarm problem
booking: reserve reservation appointment
reservation: book table booking
commit: change
security: safe protect
environment: staging production
campaign: email advertise ad marketing
segment: audience group
monitor: watch uptime health check
restore: recover undo undelete back
reject: decline no refuse
approve: yes accept ok sign_off
analytics: statistic visitor report insight
scan: check virus
audit: who changed history track
pause: stop hold temporarily
position: where location
translation: language translate
storage: space file disk
calendar: appointment agenda date
flag: mark report
identity: who person
branch: copy line
pool: group
trend: popular trending
popular: trend best top
queue: waiting
terminal: shell
artifact: file output build
function: code run lambda
hook: callback
lock: protect prevent
deactivate: disable off
charge: bill money
callback: webhook notify
workspace: team company
consent: agree permission
draft: unfinished unsent
limit: maximum max how_many
utilization: usage busy load
transition: move
annotation: note comment
vendor: supplier company
funds: money
priority: important urgent
traffic: visitor
score: rating
dns: domain name
alias: nickname
checkout: pay buy cart
guest: visitor
genre: kind style
variant: version option
backup: copy save
maintenance: downtime
reaction: emoji like
ban: block
expense: cost spend receipt
tier: level plan
news: headline
bucket: storage folder
protection: protect prevent guard
transcription: text speech
cloud: server
buckets: storage
mail: email letter
upgrade: update newer
vote: poll
contract: agreement sign
snippet: code
announcement: news tell everyone
budget: money spend limit
risk: danger fraud
firewall: block port traffic
automation: automatic rule
playback: play
signature: sign
fulfillment: ship
timezone: time
broadcast: send everyone
onboarding: setup new start
mfa: two_step second_factor code
visibility: public private hidden show
overview: summary
eligibility: allowed qualify
network: internet
dispute: complain complaint problem
bandwidth: traffic network
meeting: call video
recording: video audio
quota: limit how_much
milestone: target
coupon: discount code
department: team
social: facebook twitter
thread: topic
presence: online
referrer: source come_from
invoice: pay bill month
estimate: how_much cost guess
ticket: problem support question
opportunity: sale deal
deal: sale
activity: recent what_happened
worker: job process
health: alive working up ok ready
uptime: up down available
incident: outage down problem
log: happened debug output
error: wrong problem fail
backup: safe
person: human employee
employee: worker staff person
payroll: salary
leave: holiday vacation sick day_off
candidate: applicant
form: questionnaire fill
survey: ask question opinion
answer: reply
document: pdf contract
envelope: document sign
recipient: receiver send
list: everything
cancel: stop end abort
capture: charge
close: finish done end
complete: finish done
reopen: again
archive: old put_away
unarchive: bring_back
pin: keep top
mute: quiet
star: important
merge: combine together
split: divide separate
duplicate: copy same
export: download save
import: upload bring
attach: add link
detach: remove
verify: check real confirm
resend: again
retry: again
rotate: renew change
renew: extend
expire: end
restart: again
resize: bigger smaller larger size
scale: bigger smaller larger
upgrade: bigger faster better
volume: louder quieter
dependency: wait blocked before after
region: place where country
zone: place where
recent: yesterday today lately recently
recently: yesterday lately
history: yesterday ago
uptime: running reachable
status: going doing
load_balancer: spread traffic
subtask: smaller break_into
search: by_name
duplicate: same
priority: first urgent
deadline: until before
schedule: tomorrow tonight next_week
reminder: tomorrow forget
user: colleague teammate staff employee
employee: hire
member: hire colleague teammate
reviewer: review
follower: follow
watcher: watch follow
subscriber: subscribe
owner: own
sender: send
attendee: attend
author: write wrote
history: wrote changed
catalog: product item article
transfer: traffic
prune: unused
restriction: nobody forbid
grant: may allowed_to
shift: worked
redeem: spend use_up
reject: turn_down
disable: block
node: machine
resize: memory
rebuild: wipe
stargazer: like fan admirer
portal: own themselves self
value_list: blocklist block_list blacklist denylist allowlist whitelist
namespace: space everything
configmap: setting config configuration
statefulset: database identity stateful
domain: point name
record: point name
uptime: website site
ssh_key: log_in login sign_in
df: disk full space
bandwidth: used consumed
assign: hand
assignee: hand ticket
worklog: hour note_down time_spent
watcher: posted informed up_to_date
archive: copy
add: get_into bring_into
`
